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
    public void Sockets_are_used_in_their_rooms_only()
    {
        string[] rooms = ["Data", "Transfer", "Listener.cs", "FtpServer.cs", "Sessions"];
        Assert.All(
            Sources.FilesOf("ZeroFtp.Protocol").Where(static path => File.ReadAllText(path).Contains("new Socket(", StringComparison.Ordinal)),
            path => Assert.Contains(Path.GetRelativePath(Path.Combine(Sources.Root, "ZeroFtp.Protocol"), path).Split(Path.DirectorySeparatorChar)[0], rooms));
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
