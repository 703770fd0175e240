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

Task("Conformance").Description("The suite against the built program, each profile in its turn; --profiles=default,texts chooses.")
    .Does(() =>
{
    DotNet($"build ZeroFtp.Host -c {configuration}");
    DotNet($"build ZeroFtp.Tests/Conformance -c {configuration}");
    var suite = MakeAbsolute(Directory("ZeroFtp.Tests/Conformance")).FullPath;
    var environment = new Dictionary<string, string>
    {
        ["ZEROFTP"] = MakeAbsolute(File($"ZeroFtp.Host/bin/{configuration}/net10.0/zeroftp")).FullPath,
        ["CONFORMANCE"] = $"{suite}/bin/{configuration}/net10.0/zeroftp-conformance",
    };
    var all = string.Join(',', GetFiles($"{suite}/zeroftp/*.json").Select(file => file.GetFilenameWithoutExtension()));
    var failed = Argument("profiles", all).Split(',').Where(profile =>
        StartProcess("bash", new ProcessSettings { Arguments = $"\"{suite}/zeroftp/run.sh\" {profile}", EnvironmentVariables = environment }) != 0).ToList();
    if (failed.Count > 0)
        throw new CakeException($"requirements are not met with {string.Join(", ", failed)}");
});

Task("Torture").Description("The long form of the tests that kill and cut off: --minutes=N, by default 10.")
    .Does(() => DotNet("test --project ZeroFtp.Tests --filter-namespace ZeroFtp.Tests.Faults* --filter-namespace ZeroFtp.Tests.Storage.Metadata*", new Dictionary<string, string>
    {
        ["ZEROFTP_TORTURE_SECONDS"] = (60 * Argument("minutes", 10)).ToString(),
        ["ZEROFTP_TEST_KILLS"] = "20",
        ["ZEROFTP_TEST_FAULT_MATRIX"] = "true",
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
