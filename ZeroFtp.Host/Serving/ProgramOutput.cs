namespace ZeroFtp.Host.Serving;

/// <summary>Where the lines go that scripts read.</summary>
internal sealed record ProgramOutput(TextWriter Writer);
