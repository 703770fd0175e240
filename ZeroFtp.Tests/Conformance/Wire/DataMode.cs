namespace ZeroFtp.Conformance.Wire;

/// <summary>The ways to set up a data connection.</summary>
internal enum DataMode
{
    Epsv,
    Pasv,
    Port,
    Eprt,
}
