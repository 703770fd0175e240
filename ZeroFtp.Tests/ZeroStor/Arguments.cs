using System.Globalization;

namespace ZeroFtp.ZeroStor;

/// <summary>The command line of the stand-in.</summary>
internal static class Arguments
{
    public const string Usage = """
        zerostor-standin [--listen ADDRESS:PORT | unix:PATH] [--admin ADDRESS:PORT] [--shards N] [--data-shards K] [--parity M] [--data DIRECTORY]
                         [--block-size OCTETS] [--encrypt] [--hash sha_256] [--no-metadata] [--down SHARD]...
        zerostor-standin zdb [--listen ADDRESS:PORT] [--shards N] [--data DIRECTORY] [--password TEXT]
        zerostor-standin bench --target ADDRESS [--size MIB] [--extent KIB] [--writes N] [--reads N]

        Keeps the wire contract of the 0-stor daemon over simulated shards: each block becomes K data and M parity parts on as many of the N shards, or K whole copies
        if M is 0. K is N - M unless it is given.
        zdb serves shards as 0-db does, from port 9900 on. With the same --data and --hash sha_256 the daemon and direct access use the same shards.
        bench is a bare client: it writes extents with so many calls under way (4), reads them back with so many (2), and tells what that took.
        Port 0 takes any free port; the line "listening on ..." says which, when the stand-in is ready.
        The switches that --admin opens: GET /state, POST /faults?NAME=VALUE, POST /faults/clear, POST /shards/NUMBER?down=true&corrupt=1&...
        """;

    public static (StandInOptions Options, List<int> Down) Parse(IReadOnlyList<string> arguments)
    {
        StandInOptions options = new();
        List<int> down = [];
        for (int i = 0; i < arguments.Count; i++)
        {
            string name = arguments[i];
            string Value() => ++i < arguments.Count ? arguments[i] : throw new FormatException($"{name} needs a value.");
            int Number() => int.Parse(Value(), CultureInfo.InvariantCulture);
            switch (name)
            {
                case "--listen":
                    options = options with { Listen = Value() };
                    break;
                case "--admin":
                    options = options with { Admin = Value() };
                    break;
                case "--shards":
                    options = options with { Shards = Number() };
                    break;
                case "--data-shards":
                    options = options with { DataShards = Number() };
                    break;
                case "--parity":
                    options = options with { Parity = Number() };
                    break;
                case "--data":
                    options = options with { Data = Value() };
                    break;
                case "--block-size":
                    options = options with { BlockSize = Number() };
                    break;
                case "--encrypt":
                    options = options with { Encrypt = true };
                    break;
                case "--hash":
                    options = options with { HashesBySha256 = Value() == "sha_256" ? true : throw new FormatException("The hash must be sha_256.") };
                    break;
                case "--no-metadata":
                    options = options with { HasMetadataStore = false };
                    break;
                case "--down":
                    down.Add(Number());
                    break;
                default:
                    throw new FormatException($"There is no argument {name}.");
            }
        }

        return (options, down);
    }
}
