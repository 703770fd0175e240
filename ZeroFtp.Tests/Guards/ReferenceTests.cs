using System.Net.Sockets;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using ZeroFtp.Protocol;
using ZeroFtp.Storage.Options;

namespace ZeroFtp.Tests.Guards;

/// <summary>What may know what (architecture: the storage knows of the engine only the driver's side; nobody logs but by LoggerMessage).</summary>
public sealed class ReferenceTests
{
    [Fact]
    public void The_storage_uses_only_the_driver_side_of_the_protocol()
    {
        List<string> used = [.. References(typeof(StorageOptions).Assembly.Location).Where(static type => type.Assembly == "ZeroFtp.Protocol").Select(static type => type.Namespace)];
        Assert.NotEmpty(used);
        Assert.All(used, static name => Assert.Equal("ZeroFtp.Protocol.Driver", name));
    }

    [Fact]
    public void The_protocol_knows_neither_storage_nor_host() =>
        Assert.DoesNotContain(typeof(FtpServer).Assembly.GetReferencedAssemblies(), static name => name.Name!.StartsWith("ZeroFtp", StringComparison.Ordinal));

    [Theory]
    [InlineData("ZeroFtp.Protocol")]
    [InlineData("ZeroFtp.Storage")]
    [InlineData("zeroftp")]
    public void Nobody_logs_by_the_extension_methods(string assembly) =>
        Assert.DoesNotContain(References(Path.Combine(AppContext.BaseDirectory, assembly + ".dll")), static type => type.Name == "LoggerExtensions");

    [Fact]
    public void Sockets_are_made_and_moved_in_their_rooms_only()
    {
        string[] rooms = ["ZeroFtp.Protocol", "ZeroFtp.Protocol.Data", "ZeroFtp.Protocol.Transfer"];
        string[] moves = [".ctor", "Accept", "Connect", "Send", "Receive", "SendFile", "Bind", "Listen"];
        List<MethodBase> callers = [.. IlCalls.Of(typeof(FtpServer).Assembly).Where(call => call.Callee.DeclaringType == typeof(Socket) && moves.Any(call.Callee.Name.StartsWith)).Select(static call => call.Caller)];
        Assert.NotEmpty(callers);
        Assert.All(callers, caller => Assert.Contains(caller.DeclaringType!.Namespace, rooms));
    }

    private static List<(string Assembly, string Namespace, string Name)> References(string path)
    {
        using FileStream file = File.OpenRead(path);
        using PEReader portable = new(file);
        MetadataReader reader = portable.GetMetadataReader();
        List<(string, string, string)> types = [];
        foreach (TypeReferenceHandle handle in reader.TypeReferences)
        {
            TypeReference type = reader.GetTypeReference(handle);
            if (type.ResolutionScope.Kind == HandleKind.AssemblyReference)
            {
                AssemblyReference assembly = reader.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope);
                types.Add((reader.GetString(assembly.Name), reader.GetString(type.Namespace), reader.GetString(type.Name)));
            }
        }
        return types;
    }
}
