using System.Reflection;
using ZeroFtp.Protocol;
using ZeroFtp.Storage.Options;

namespace ZeroFtp.Tests.Guards;

/// <summary>An option that no code reads is a promise that nobody keeps.</summary>
public sealed class OptionUseTests
{
    private static readonly Assembly[] Product = [typeof(FtpServer).Assembly, typeof(StorageOptions).Assembly, typeof(ZeroFtp.Host.Configuration.ConfigurationLoader).Assembly];

    private static readonly HashSet<MethodBase> Read =
    [
        .. Product.SelectMany(IlCalls.Of).Where(static call => !IsWithin(call.Caller.DeclaringType, call.Callee.DeclaringType)).Select(static call => call.Callee),
    ];

    public static TheoryData<string> Options =>
    [
        .. Product.SelectMany(static assembly => assembly.GetTypes())
            .Where(static type => type.Name.EndsWith("Options", StringComparison.Ordinal) && type.IsClass && Namespace(type).StartsWith("ZeroFtp", StringComparison.Ordinal))
            .SelectMany(static type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Where(static property => property.CanWrite).Select(property => $"{type.FullName}.{property.Name}"))
            .Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Options))]
    public void Is_read(string option)
    {
        int dot = option.LastIndexOf('.');
        Type type = Product.Select(assembly => assembly.GetType(option[..dot])).First(found => found is not null)!;
        Assert.Contains(type.GetProperty(option[(dot + 1)..])!.GetMethod!, Read);
    }

    private static string Namespace(Type type) => type.Namespace ?? "";

    private static bool IsWithin(Type? type, Type? outer)
    {
        while (type is not null && type != outer)
            type = type.DeclaringType;
        return type is not null;
    }
}
