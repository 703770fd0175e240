namespace ZeroFtp.ZeroStor.Coding;

/// <summary>A systematic code: k data parts and m parity parts, any k of which give the data back. The parity rows are those of a Cauchy matrix.</summary>
internal sealed class ReedSolomon(int data, int parity)
{
    /// <summary>Fills the parity parts from the data parts, all of one length.</summary>
    public void Encode(IReadOnlyList<ReadOnlyMemory<byte>> dataParts, IReadOnlyList<Memory<byte>> parityParts)
    {
        for (int row = 0; row < parity; row++)
        {
            Span<byte> target = parityParts[row].Span;
            target.Clear();
            for (int column = 0; column < data; column++)
                GaloisField.MultiplyAdd(Coefficient(data + row, column), dataParts[column].Span, target);
        }
    }

    /// <summary>Computes one data part from k parts of known numbers.</summary>
    public void Decode(int wanted, IReadOnlyList<int> numbers, IReadOnlyList<Memory<byte>> parts, Span<byte> target)
    {
        byte[] row = InverseRow(wanted, numbers);
        target.Clear();
        for (int i = 0; i < data; i++)
        {
            if (row[i] != 0)
                GaloisField.MultiplyAdd(row[i], parts[i].Span[..target.Length], target);
        }
    }

    private byte Coefficient(int row, int column) => row < data ? (byte)(row == column ? 1 : 0) : GaloisField.Invert((byte)(row ^ column));

    private byte[] InverseRow(int wanted, IReadOnlyList<int> numbers)
    {
        // Gauss-Jordan on the square of the rows that are there, beside the identity.
        byte[][] rows = new byte[data][];
        for (int r = 0; r < data; r++)
        {
            rows[r] = new byte[data * 2];
            for (int c = 0; c < data; c++)
                rows[r][c] = Coefficient(numbers[r], c);
            rows[r][data + r] = 1;
        }

        for (int column = 0; column < data; column++)
        {
            int pivot = Array.FindIndex(rows, column, r => r[column] != 0);
            (rows[column], rows[pivot]) = (rows[pivot], rows[column]);
            byte inverse = GaloisField.Invert(rows[column][column]);
            for (int c = 0; c < rows[column].Length; c++)
                rows[column][c] = GaloisField.Multiply(rows[column][c], inverse);
            for (int r = 0; r < data; r++)
            {
                if (r != column && rows[r][column] != 0)
                    GaloisField.MultiplyAdd(rows[r][column], rows[column], rows[r]);
            }
        }

        return rows[wanted][data..];
    }
}
