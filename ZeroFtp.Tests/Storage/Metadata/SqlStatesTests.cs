using Npgsql;
using ZeroFtp.Storage.Metadata;
using ZeroFtp.Storage.Metadata.Postgres;

namespace ZeroFtp.Tests.Storage.Metadata;

public sealed class SqlStatesTests
{
    [Theory]
    [InlineData("40001", "restart transaction", "Retry", "Retry")]
    [InlineData("40P01", "deadlock detected", "Retry", "Retry")]
    [InlineData("40003", "result is ambiguous", "Lost", "NotSent")]
    [InlineData("57P01", "terminating connection", "Lost", "NotSent")]
    [InlineData("08006", "connection failure", "Lost", "NotSent")]
    [InlineData("08P01", "invalid message length", "Final", "Final")]
    [InlineData("58C00", "replica unavailable", "Lost", "NotSent")]
    [InlineData("58C01", "rpc error between nodes", "Lost", "NotSent")]
    [InlineData("XXUUU", "failed to send RPC", "Lost", "NotSent")]
    [InlineData("53200", "memory budget exceeded", "Lost", "NotSent")]
    [InlineData("53300", "too many clients", "NotSent", "NotSent")]
    [InlineData("0A000", "cannot use serializable mode in a hot standby", "NotSent", "NotSent")]
    [InlineData("0A000", "unimplemented", "Final", "Final")]
    [InlineData("53100", "disk full", "Final", "Final")]
    [InlineData("42P01", "no such relation", "Final", "Final")]
    public void A_fault_of_the_database_is_sorted_by_what_is_known_of_the_unit(string state, string text, string sent, string notSent)
    {
        PostgresException fault = new(text, "ERROR", "ERROR", state);
        Assert.Equal((sent, notSent), (SqlStates.Classify(fault, true).ToString(), SqlStates.Classify(fault, false).ToString()));
    }

    [Theory]
    [InlineData("53100", "Full")]
    [InlineData("53200", "Unavailable")]
    [InlineData("58C00", "Unavailable")]
    [InlineData("XXC02", "Unusable")]
    [InlineData("28P01", "Unusable")]
    [InlineData("23514", "Broken")]
    public void A_fault_that_remains_says_what_it_means_to_the_store(string state, string error) =>
        Assert.Equal(error, ((MetadataException)SqlStates.Translate(new PostgresException("text", "ERROR", "ERROR", state))).Error.ToString());
}
