using System.Net;

namespace ZeroFtp.Tests.Faults.Torture;

/// <summary>Where clients find front-ends that are killed and started while they use them.</summary>
internal interface IFronts
{
    int Count { get; }

    /// <summary>Where one of them listens, or did until a moment ago.</summary>
    IPEndPoint AddressOf(int front);
}
