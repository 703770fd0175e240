namespace ZeroFtp.Tests.Guards;

/// <summary>The codes that exist: RFC 959 with its updates, RFC 1639, 2228, 2389, 2428, 3659, 4217, 7151, and the drafts for MD5, HASH and RANG.</summary>
internal static class ReplyCodes
{
    public static readonly HashSet<int> Known =
    [
        110, 120, 125, 150, 200, 202, 210, 211, 212, 213, 214, 215, 220, 221, 225, 226, 227, 228, 229, 230, 232, 234, 235, 250, 251, 252, 257,
        331, 332, 334, 335, 336, 350, 421, 425, 426, 431, 450, 451, 452, 500, 501, 502, 503, 504, 521, 522, 530, 532, 533, 534, 535, 536, 537,
        550, 551, 552, 553, 554, 555, 556,
    ];
}
