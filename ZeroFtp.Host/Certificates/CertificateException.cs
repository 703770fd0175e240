namespace ZeroFtp.Host.Certificates;

/// <summary>A certificate cannot be used; the message names the files.</summary>
internal sealed class CertificateException(string message, Exception? innerException = null) : Exception(message, innerException);
