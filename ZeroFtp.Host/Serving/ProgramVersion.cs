using System.Reflection;

namespace ZeroFtp.Host.Serving;

internal static class ProgramVersion
{
    /// <summary>The version without the commit that the build may have added.</summary>
    public static string Text { get; } =
        (typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0").Split('+')[0];
}
