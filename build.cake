// dotnet tool restore && dotnet cake --target=NAME
// What a target runs is the command that a person would type, so that nothing works in here alone.

var target = Argument("target", "Default");
var configuration = Argument("configuration", "Release");
var artifacts = MakeAbsolute(Directory("./artifacts"));

void DotNet(string arguments, IDictionary<string, string> environment = null)
{
    var settings = new ProcessSettings { Arguments = arguments, EnvironmentVariables = environment };
    var code = StartProcess("dotnet", settings);
    if (code != 0)
        throw new CakeException($"dotnet {arguments} ended with {code}");
}

Task("Restore").Does(() => DotNet("restore"));

Task("Build").IsDependentOn("Restore").Does(() => DotNet($"build --no-restore -c {configuration}"));

Task("Format").Description("Fails if a file is not formatted as .editorconfig says.")
    .IsDependentOn("Restore").Does(() => DotNet("format --no-restore --verify-no-changes"));

Task("Test").Description("Everything, as CI runs it.").Does(() => DotNet("test"));

Task("Coverage").Description("The same with a report in artifacts/coverage.")
    .Does(() => DotNet($"test --coverage --coverage-output-format cobertura --results-directory \"{artifacts}/coverage\""));

Task("Interop").Description("Real clients against the built program.")
    .Does(() => DotNet("test --project ZeroFtp.Tests --filter-namespace ZeroFtp.Tests.Interop*"));

Task("Conformance").Description("The suite against the built program, each profile over each store; --profiles=default,texts and --stores=embedded choose.")
    .Does(() =>
{
    foreach (var project in new[] { "ZeroFtp.Host", "ZeroFtp.Tests/Conformance", "ZeroFtp.Tests/ZeroStor" })
        DotNet($"build {project} -c {configuration}");
    string Program(string project, string name) => MakeAbsolute(File($"{project}/bin/{configuration}/net10.0/{name}")).FullPath;
    var environment = new Dictionary<string, string>
    {
        ["ZEROFTP"] = Program("ZeroFtp.Host", "zeroftp"),
        ["CONFORMANCE"] = Program("ZeroFtp.Tests/Conformance", "zeroftp-conformance"),
        ["ZEROSTOR"] = Program("ZeroFtp.Tests/ZeroStor", "zerostor-standin"),
    };
    var profiles = Argument("profiles", "").Replace(',', ' ');
    var failed = new List<string>();
    foreach (var store in Argument("stores", "embedded,distributed").Split(','))
    {
        Information($"{store} store");
        var arguments = $"ZeroFtp.Tests/Conformance/zeroftp/run.sh --store {store} --out \"{artifacts}/conformance/{store}\" {profiles}";
        if (StartProcess("bash", new ProcessSettings { Arguments = arguments, EnvironmentVariables = environment }) != 0)
            failed.Add(store);
    }
    if (failed.Count > 0)
        throw new CakeException($"requirements are not met over {string.Join(" and ", failed)}");
});

Task("Torture").Description("The long form of the tests that kill and cut off: --minutes=N, by default 10.")
    .Does(() => DotNet("test --project ZeroFtp.Tests --filter-namespace ZeroFtp.Tests.Faults* --filter-namespace ZeroFtp.Tests.Storage.Metadata* --filter-namespace ZeroFtp.Tests.Fuzzing*", new Dictionary<string, string>
    {
        ["ZEROFTP_TORTURE_SECONDS"] = (60 * Argument("minutes", 10)).ToString(),
        ["ZEROFTP_DIALOGUE_SECONDS"] = (60 * Argument("minutes", 10)).ToString(),
        ["ZEROFTP_FUZZ_SECONDS"] = (10 * Argument("minutes", 10)).ToString(),
        ["ZEROFTP_TEST_KILLS"] = "20",
    }));

Task("Fuzz").Description("Each fuzz target for --seconds=N, by default 60; --targets=path,glob chooses, --keep=true puts what was found into the corpus.")
    .Does(() =>
{
    DotNet("build ZeroFtp.Tests/Fuzz -c Release");
    DotNet($"ZeroFtp.Tests/Fuzz/bin/Release/net10.0/ZeroFtp.Fuzz.dll run {Argument("targets", "").Replace(',', ' ')} --seconds={Argument("seconds", 60)} --failures=\"{artifacts}/fuzz\"{(Argument("keep", false) ? " --keep" : "")}");
});

Task("Bench").Description("Micro-benchmarks; --filter=GLOB chooses.")
    .Does(() => DotNet($"run -c Release --project ZeroFtp.Tests/Benchmarks -- --filter \"{Argument("filter", "*")}\" --artifacts \"{artifacts}/benchmarks\""));

Task("Pack").Description("The packages, in artifacts/packages.").Does(() =>
{
    foreach (var project in new[] { "ZeroFtp.Protocol", "ZeroFtp.Tests/Conformance" })
        DotNet($"pack {project} -c {configuration} -o \"{artifacts}/packages\"");
});

Task("Default").IsDependentOn("Build").IsDependentOn("Format").IsDependentOn("Test");

RunTarget(target);
