namespace ZeroFtp.Conformance.Checks;

internal enum TlsUse
{
    None,
    Explicit,
    Implicit,
}
