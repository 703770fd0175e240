namespace ZeroFtp.Storage; internal static class Placeholder;
