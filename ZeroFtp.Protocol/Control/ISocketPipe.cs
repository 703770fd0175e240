using System.IO.Pipelines;
using System.Net.Sockets;

namespace ZeroFtp.Protocol.Control;

/// <summary>A control connection whose socket is known, so that its end can be seen before all that precedes it was read.</summary>
internal interface ISocketPipe : IDuplexPipe
{
    Socket Socket { get; }
}
