using System.IO.Pipelines;
using System.Net.Sockets;

namespace ZeroFtp.Protocol.Control;

/// <summary>A control connection that exposes its socket, so that a disconnect can be detected before all pending input is read.</summary>
internal interface ISocketPipe : IDuplexPipe
{
    Socket Socket { get; }
}
