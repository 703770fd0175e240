namespace ZeroFtp.Conformance.Checks;

internal enum Verdict
{
    Pass,
    Fail,
    Skip,
    Manual,
}
