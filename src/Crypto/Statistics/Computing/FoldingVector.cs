namespace Salus.Crypto.Statistics.Computing;

/// <summary>
/// A long vector of which a proof makes ever shorter ones. It is cut into k rows; column j is read as the polynomial of degree below k with these values at 0 to k-1;
/// folding at a point r puts the polynomial's value there in place of the column. At first it is made of pieces, each cut into rows for itself and weighted while it is read.
/// </summary>
internal sealed class FoldingVector
{
    // Tiles of rows that stay in the first-level cache.
    private const int Tile = 256;

    private readonly List<Piece> _pieces = [];

    public int Length { get; private set; }

    /// <summary>Elements times the weight of the block that they are in.</summary>
    public void Add(ReadOnlyMemory<ulong> elements, ReadOnlyMemory<ulong> weights, int block) => Append(new Piece(elements, weights, block));

    public void Add(ReadOnlyMemory<ulong> elements) => Append(new Piece(elements, default, 0));

    /// <summary>The sums over all columns of the product of two vectors' polynomials, at 1 to 2k-2. Both have pieces of the same lengths.</summary>
    public static ulong[] Products(FoldingVector left, FoldingVector right, int k)
    {
        var sums = new ulong[2 * k - 2];
        ulong[] a = new ulong[(2 * k - 1) * Tile], b = new ulong[(2 * k - 1) * Tile], scratch = new ulong[k * Tile];
        for (var piece = 0; piece < left._pieces.Count; piece++)
        {
            var columns = Columns(left._pieces[piece].Elements.Length, k);
            for (var at = 0; at < columns; at += Tile)
            {
                var width = Math.Min(Tile, columns - at);
                left._pieces[piece].Load(at, width, columns, a.AsSpan(0, k * width));
                right._pieces[piece].Load(at, width, columns, b.AsSpan(0, k * width));
                Polynomial.Extend(a, k, width, scratch);
                Polynomial.Extend(b, k, width, scratch);
                for (var point = 1; point < 2 * k - 1; point++)
                    sums[point - 1] = Field61.Add(sums[point - 1], FieldVector.Dot(a.AsSpan(point * width, width), b.AsSpan(point * width, width)));
            }
        }
        return sums;
    }

    /// <summary>Becomes the vector of the columns' values at a public point.</summary>
    public void Fold(int k, ulong point)
    {
        Span<ulong> factors = stackalloc ulong[k];
        Polynomial.Lagrange(point, factors);
        var folded = new ulong[_pieces.Sum(piece => Columns(piece.Elements.Length, k))];
        var rows = new ulong[k * Tile];
        var end = 0;
        foreach (var piece in _pieces)
        {
            var columns = Columns(piece.Elements.Length, k);
            for (var at = 0; at < columns; at += Tile)
            {
                var width = Math.Min(Tile, columns - at);
                piece.Load(at, width, columns, rows.AsSpan(0, k * width));
                FieldVector.Combine(factors, rows.AsSpan(0, k * width), folded.AsSpan(end + at, width));
            }
            end += columns;
        }
        _pieces.Clear();
        Length = 0;
        Add(folded);
    }

    public ulong[] ToArray()
    {
        var elements = new ulong[Length];
        var at = 0;
        foreach (var piece in _pieces)
        {
            piece.Load(0, piece.Elements.Length, piece.Elements.Length, elements.AsSpan(at, piece.Elements.Length));
            at += piece.Elements.Length;
        }
        return elements;
    }

    private static int Columns(int length, int k) => (length + k - 1) / k;

    private void Append(Piece piece)
    {
        _pieces.Add(piece);
        Length = checked(Length + piece.Elements.Length);
    }

    private readonly record struct Piece(ReadOnlyMemory<ulong> Elements, ReadOnlyMemory<ulong> Weights, int Block)
    {
        /// <summary>Columns [at, at + width) of all rows, row by row; beyond the end are zeros.</summary>
        public void Load(int at, int width, int columns, Span<ulong> rows)
        {
            for (var start = at; !rows.IsEmpty; start += columns, rows = rows[width..])
            {
                var row = rows[..width];
                var count = Math.Clamp(Elements.Length - start, 0, width);
                row[count..].Clear();
                if (count == 0)
                    continue;
                var source = Elements.Span.Slice(start, count);
                if (Block == 0 || (Block == Elements.Length && Weights.Span[0] == 1))
                    source.CopyTo(row);
                else if (Block == 1)
                    FieldVector.Multiply(source, Weights.Span.Slice(start, count), row[..count]);
                else
                    for (var i = 0; i < count;)
                    {
                        var run = Math.Min(count - i, Block - (start + i) % Block);
                        FieldVector.Scale(Weights.Span[(start + i) / Block], source.Slice(i, run), row.Slice(i, run));
                        i += run;
                    }
            }
        }
    }
}
