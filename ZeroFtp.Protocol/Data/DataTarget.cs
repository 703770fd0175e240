using System.Net;

namespace ZeroFtp.Protocol.Data;

/// <summary>Where the next data connection comes from. Exactly one of the nested types.</summary>
internal abstract class DataTarget : IDisposable
{
    /// <summary>What STAT says of it.</summary>
    public abstract string Description { get; }

    /// <summary>Whether our side is the TLS client for this connection only (CPSV).</summary>
    public bool TlsClient { get; init; }

    public virtual void Dispose()
    {
    }

    /// <summary>The client listens there (PORT, EPRT, the default data port). It stays valid until replaced.</summary>
    public sealed class Active(IPEndPoint remote) : DataTarget
    {
        public IPEndPoint Remote => remote;

        public override string Description => $"Active data connection to {remote}";
    }

    /// <summary>The client will connect, or has (PASV, EPSV, CPSV). It serves one transfer.</summary>
    public sealed class Passive(PassiveWait wait) : DataTarget
    {
        public PassiveWait Wait => wait;

        public override string Description => $"Passive data port {wait.Port}";

        public override void Dispose()
        {
            base.Dispose();
            wait.Dispose();
        }
    }
}
