using System.Reflection;
using ZeroFtp.Storage.Metadata;

namespace ZeroFtp.Tests.Storage.Support;

/// <summary>A metadata store that does everything but end uploads, as long as it is told so.</summary>
#pragma warning disable CA1852 // The proxy is a class derived from it, made as the test runs.
internal class MetadataOutage : DispatchProxy
#pragma warning restore CA1852
{
    private IMetadataStore _inner = null!;

    public bool IsOut { get; set; }

    public static (IMetadataStore Store, MetadataOutage Outage) Over(IMetadataStore inner)
    {
        IMetadataStore store = Create<IMetadataStore, MetadataOutage>();
        MetadataOutage outage = (MetadataOutage)store;
        outage._inner = inner;
        return (store, outage);
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        IsOut && (targetMethod!.Name is nameof(IMetadataContent.PublishAsync) or nameof(IMetadataContent.AbandonAsync))
            ? throw new MetadataException(MetadataError.Unavailable, "The database is busy.")
            : targetMethod!.Invoke(_inner, BindingFlags.DoNotWrapExceptions, null, args, null);
}
