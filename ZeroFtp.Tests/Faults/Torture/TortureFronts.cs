using System.Net;
using ZeroFtp.Tests.Support;

namespace ZeroFtp.Tests.Faults.Torture;

/// <summary>Front-ends as processes, which are killed and started anew while clients use them.</summary>
internal sealed class TortureFronts(DistributedCluster cluster) : IFronts
{
    private readonly (ZeroFtpProgram Program, IPEndPoint Address)[] _fronts = new (ZeroFtpProgram, IPEndPoint)[2];
    private const int MostStarts = 5;

    private int _kills;

    public int Count => _fronts.Length;

    /// <summary>How often one was killed.</summary>
    public int Kills => _kills;

    public async Task StartAsync()
    {
        for (int i = 0; i < Count; i++)
            await StartAsync(i);
    }

    /// <summary>Where one of them listens, or did until a moment ago.</summary>
    public IPEndPoint AddressOf(int front) => _fronts[front].Address;

    /// <summary>Kills one as a machine would that loses its power, and starts it again.</summary>
    public async Task KillAsync(int front)
    {
        _fronts[front].Program.Kill();
        Interlocked.Increment(ref _kills);
        await StartAsync(front);
    }

    private async Task StartAsync(int front)
    {
        for (int attempt = 1; ; attempt++)
        {
            ZeroFtpProgram program = cluster.Start("front-" + front);
            try
            {
                _fronts[front] = (program, await program.WaitForListenerAsync());
                return;
            }
            catch (InvalidOperationException) when (attempt < MostStarts && program.Errors.Contains("The database does not answer", StringComparison.Ordinal))
            {
                // Its connections were ended as it began: it says so and ends, and whatever supervises it starts it again.
            }
        }
    }
}
