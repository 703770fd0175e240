using System.Buffers;
using CsCheck;
using Google.Protobuf;
using ZeroFtp.Storage.Objects.ZeroStor.Memory;
using ZeroFtp.Storage.Objects.ZeroStor.Schema;
using ZeroFtp.Storage.Objects.ZeroStor.Wire;
using ZeroFtp.Tests.Storage.Support;
using PooledOctets = ZeroFtp.Storage.Objects.ZeroStor.Memory.Octets;

namespace ZeroFtp.Tests.Storage.ZeroStor.Wire;

/// <summary>The hand-written reader of messages agrees with the generated one.</summary>
public sealed class OctetsMarshallerTests
{
    private readonly SegmentPool _pool = new();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(600_000)]
    public void A_message_is_read_however_it_is_cut(int length)
    {
        byte[] data = Support.Octets.Make(length);
        byte[] message = new DataReadResponse { Data = ByteString.CopyFrom(data) }.ToByteArray();
        foreach (int cut in new[] { 1, 3, 4096, int.MaxValue })
        {
            if (length > 1000 && cut < 1000)
                continue;
            using PooledOctets bytes = OctetsMarshaller.Deserialize(message.Length == 0 ? ReadOnlySequence<byte>.Empty : Support.Octets.Cut(message, Math.Min(cut, message.Length)), _pool);
            Assert.Equal(data, bytes.Sequence.ToArray());
        }

        Assert.Equal(0, _pool.InUse);
    }

    [Fact]
    public void Fields_of_other_numbers_are_skipped_and_the_last_one_counts()
    {
        using MemoryStream stream = new();
        using (CodedOutputStream output = new(stream, leaveOpen: true))
        {
            output.WriteTag(2, WireFormat.WireType.Varint);
            output.WriteInt64(-1);
            output.WriteTag(1, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFromUtf8("first"));
            output.WriteTag(3, WireFormat.WireType.Fixed64);
            output.WriteFixed64(1);
            output.WriteTag(1000, WireFormat.WireType.LengthDelimited);
            output.WriteString("other");
            output.WriteTag(4, WireFormat.WireType.Fixed32);
            output.WriteFixed32(1);
            output.WriteTag(1, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFromUtf8("second"));
        }

        using PooledOctets bytes = OctetsMarshaller.Deserialize(new ReadOnlySequence<byte>(stream.ToArray()), _pool);
        Assert.Equal("second"u8.ToArray(), bytes.Sequence.ToArray());
    }

    [Fact]
    public void Rubbish_is_read_as_the_generated_code_does_or_refused() => Gen.Byte.Array[0, 30].Sample(rubbish =>
    {
        byte[]? mine = null;
        try
        {
            using PooledOctets bytes = OctetsMarshaller.Deserialize(new ReadOnlySequence<byte>(rubbish), _pool);
            mine = bytes.Sequence.ToArray();
        }
        catch (InvalidDataException)
        {
        }

        try
        {
            byte[] theirs = DataReadResponse.Parser.ParseFrom(rubbish).Data.ToByteArray();
            // Groups are the one thing that is refused here and was never sent.
            if (mine is not null)
                Assert.Equal(theirs, mine);
        }
        catch (InvalidProtocolBufferException)
        {
        }

        Assert.Equal(0, _pool.InUse);
    });
}
