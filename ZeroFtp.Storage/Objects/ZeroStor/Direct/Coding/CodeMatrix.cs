namespace ZeroFtp.Storage.Objects.ZeroStor.Direct.Coding;

/// <summary>A matrix over <see cref="GaloisField"/>, row by row.</summary>
internal sealed class CodeMatrix(int rows, int columns)
{
    private readonly byte[] _values = new byte[rows * columns];

    public int Rows => rows;

    public int Columns => columns;

    public byte this[int row, int column]
    {
        get => _values[(row * columns) + column];
        set => _values[(row * columns) + column] = value;
    }

    public ReadOnlySpan<byte> Row(int row) => _values.AsSpan(row * columns, columns);

    /// <summary>
    /// Returns the matrix that the daemon codes with: the identity above a Cauchy matrix whose element in row r and column c is the inverse of r XOR c.
    /// Any <paramref name="data"/> of its rows are invertible.
    /// </summary>
    public static CodeMatrix Cauchy(int data, int parity)
    {
        CodeMatrix matrix = new(data + parity, data);
        for (int i = 0; i < data; i++)
            matrix[i, i] = 1;
        for (int row = data; row < data + parity; row++)
        {
            for (int column = 0; column < data; column++)
                matrix[row, column] = GaloisField.Invert((byte)(row ^ column));
        }
        return matrix;
    }

    /// <summary>Returns the inverse of the square matrix made of the given rows (Gauss-Jordan elimination).</summary>
    /// <exception cref="InvalidOperationException">The rows are linearly dependent.</exception>
    public CodeMatrix InvertRows(ReadOnlySpan<int> chosen)
    {
        CodeMatrix left = new(columns, columns);
        CodeMatrix right = new(columns, columns);
        for (int i = 0; i < columns; i++)
        {
            Row(chosen[i]).CopyTo(left._values.AsSpan(i * columns));
            right[i, i] = 1;
        }
        for (int column = 0; column < columns; column++)
        {
            int pivot = column;
            while (pivot < columns && left[pivot, column] == 0)
                pivot++;
            if (pivot == columns)
                throw new InvalidOperationException("The rows are linearly dependent.");
            left.Swap(pivot, column);
            right.Swap(pivot, column);
            byte factor = GaloisField.Invert(left[column, column]);
            left.Scale(column, factor);
            right.Scale(column, factor);
            for (int row = 0; row < columns; row++)
            {
                if (row == column || left[row, column] == 0)
                    continue;
                factor = left[row, column];
                left.AddScaled(row, column, factor);
                right.AddScaled(row, column, factor);
            }
        }
        return right;
    }

    private void Swap(int one, int other)
    {
        for (int i = 0; i < columns && one != other; i++)
            (this[one, i], this[other, i]) = (this[other, i], this[one, i]);
    }

    private void Scale(int row, byte factor)
    {
        for (int i = 0; i < columns; i++)
            this[row, i] = GaloisField.Multiply(this[row, i], factor);
    }

    private void AddScaled(int row, int source, byte factor)
    {
        for (int i = 0; i < columns; i++)
            this[row, i] ^= GaloisField.Multiply(this[source, i], factor);
    }
}
