using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Events;
using ZeroFtp.Protocol.Options;

namespace ZeroFtp.Protocol;

/// <summary>Adds the server to a host in one line.</summary>
public static class ServiceCollectionExtensions
{
    /// <summary>
    /// Adds an <see cref="FtpServer"/> that starts and stops with the host. A driver must be added too, by <see cref="UseDriver{T}"/> or as an <see cref="IServerDriver"/> service;
    /// every <see cref="IFtpEvents"/> service is told of what happens.
    /// </summary>
    public static IServiceCollection AddFtpServer(this IServiceCollection services, FtpServerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(options ?? new FtpServerOptions());
        services.TryAddSingleton(provider => new FtpServer(
            provider.GetRequiredService<FtpServerOptions>(),
            provider.GetRequiredService<IServerDriver>(),
            provider.GetServices<IFtpEvents>(),
            provider.GetService<ILogger<FtpServer>>(),
            provider.GetService<TimeProvider>()));
        services.AddHostedService<FtpHostedService>();
        return services;
    }

    /// <summary>Sets what the server serves.</summary>
    public static IServiceCollection UseDriver<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(this IServiceCollection services)
        where T : class, IServerDriver
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.AddSingleton<IServerDriver, T>();
    }

    private sealed class FtpHostedService(FtpServer server) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => server.StartAsync(cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => server.StopAsync(cancellationToken);
    }
}
