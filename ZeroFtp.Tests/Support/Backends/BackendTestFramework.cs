using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestFramework(typeof(ZeroFtp.Tests.Support.Backends.BackendTestFramework))]

namespace ZeroFtp.Tests.Support.Backends;

/// <summary>xUnit's own framework, which leaves out classes whose backend is not named.</summary>
public sealed class BackendTestFramework : XunitTestFramework
{
    protected override ITestFrameworkDiscoverer CreateDiscoverer(Assembly assembly) => new Discoverer(new XunitTestAssembly(assembly, null, assemblyName: null));

    private sealed class Discoverer(IXunitTestAssembly assembly) : XunitTestFrameworkDiscoverer(assembly)
    {
        protected override bool IsValidTestClass(Type type) => base.IsValidTestClass(type) && type.GetCustomAttribute<NeedsBackendAttribute>() is not { IsNamed: false };
    }
}
