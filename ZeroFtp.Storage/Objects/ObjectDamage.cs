using ZeroFtp.Protocol.Driver;

namespace ZeroFtp.Storage.Objects;

/// <summary>An object is not there, or its bytes are not what was stored. The inner exception of the <see cref="FtpDriverException"/> by which a store says so.</summary>
internal sealed class ObjectDamage(string reference, ObjectState state) : Exception($"The object {reference} is {(state == ObjectState.Missing ? "missing" : "damaged")}.")
{
    public string Reference => reference;

    public ObjectState State => state;

    public static FtpDriverException Of(string reference, ObjectState state)
    {
        ObjectDamage damage = new(reference, state);
        return new FtpDriverException(FtpError.Unavailable, damage.Message, damage);
    }
}
