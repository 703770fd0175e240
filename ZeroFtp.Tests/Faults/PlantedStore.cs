using System.Reflection;
using ZeroFtp.Storage.Metadata;

namespace ZeroFtp.Tests.Faults;

/// <summary>A metadata store with mistakes that a test plants, to see that the checker finds them; everything else is the store's own. What a mistake does stands in the place of the method of that name.</summary>
#pragma warning disable CA1852 // The proxy is a class derived from it, made as the test runs.
internal class PlantedStore : DispatchProxy
#pragma warning restore CA1852
{
    private readonly Dictionary<string, Func<object?[], object?>> _mistakes = [];

    private IMetadataStore _inner = null!;

    public static (IMetadataStore Store, PlantedStore Planted) Over(IMetadataStore inner)
    {
        IMetadataStore store = Create<IMetadataStore, PlantedStore>();
        PlantedStore planted = (PlantedStore)store;
        planted._inner = inner;
        return (store, planted);
    }

    /// <summary>Puts something in the place of a method; it gets the arguments and gives what the method is to give.</summary>
    public void Plant(string method, Func<IMetadataStore, object?[], object?> mistake) => _mistakes[method] = arguments => mistake(_inner, arguments);

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        _mistakes.TryGetValue(targetMethod!.Name, out Func<object?[], object?>? mistake)
            ? mistake(args ?? [])
            : targetMethod.Invoke(_inner, BindingFlags.DoNotWrapExceptions, null, args, null);
}
