using System.Reflection;

namespace ZeroFtp.Tests.Support.Backends;

/// <summary>One line for each backend that no environment variable names.</summary>
public sealed class MissingBackendTests
{
    public static TheoryData<string> Classes => [.. All.Select(static x => x.Name).Order(StringComparer.Ordinal)];

    private static IEnumerable<Type> All => typeof(MissingBackendTests).Assembly.GetTypes().Where(static x => x.IsDefined(typeof(NeedsBackendAttribute)));

    [Theory, MemberData(nameof(Classes))]
    public void A_backend_that_is_named_is_tested(string name)
    {
        Type type = All.Single(x => x.Name == name);
        NeedsBackendAttribute backend = type.GetCustomAttribute<NeedsBackendAttribute>()!;
        Assert.SkipUnless(backend.IsNamed, backend.Reason);
        Assert.Contains(type.GetMethods(), static x => x.IsDefined(typeof(FactAttribute)));
    }
}
