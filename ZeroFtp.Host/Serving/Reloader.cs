using ZeroFtp.Host.Configuration;
using ZeroFtp.Host.Logging;
using ZeroFtp.Host.Transfers;

namespace ZeroFtp.Host.Serving;

/// <summary>
/// Reads the configuration again and puts into effect what can be: the log's level, the transfer log, the certificates. Other changes are told of and wait for the next
/// start. A configuration with any fault changes nothing.
/// </summary>
internal sealed class Reloader(
    ConfigurationSources sources,
    LoadedConfiguration initial,
    LogLevelSwitch level,
    TransferLog transferLog,
    CertificateHolder certificates,
    ILogger<Reloader> logger)
{
    private readonly Lock _lock = new();
    private LoadedConfiguration _current = initial;

    public void Reload(string cause)
    {
        lock (_lock)
        {
            logger.Reloading(cause);
            try
            {
                LoadedConfiguration next = ConfigurationLoader.Load(sources);
                // opened first, since it is what can fail
                certificates.Open(next.Configuration.Tls);
                TellChanges(next.Keys);
                level.Level = next.Configuration.LogLevel;
                transferLog.Reopen(next.Configuration.TransferLog);
                _current = next;
            }
            catch (ConfigurationException e)
            {
                foreach (ConfigurationFault fault in e.Faults)
                    logger.ReloadRefused(fault.ToString());
            }
#pragma warning disable CA1031 // Whatever is wrong with a new configuration, the server goes on with the one that it has.
            catch (Exception e)
#pragma warning restore CA1031
            {
                logger.ReloadRefused(e.Message);
            }
        }
    }

    private void TellChanges(IReadOnlyCollection<ConfigurationKey> keys)
    {
        Dictionary<string, ConfigurationKey> before = _current.Keys.ToDictionary(key => key.Path, StringComparer.OrdinalIgnoreCase);
        foreach (ConfigurationKey key in keys)
        {
            if (before.TryGetValue(key.Path, out ConfigurationKey? old) && old.Effective.SequenceEqual(key.Effective))
                continue;
            if (key.Reloads)
                logger.KeyReloaded(key.Path, string.Join(", ", key.Shown));
            else
                logger.KeyNeedsRestart(key.Path);
        }
    }
}
