namespace Salus.Crypto.Statistics.Computing;

/// <summary>
/// The sums that statistics are made of, over the rows of a cohort. Who belongs to it is secret: a vector of bits, or null for everyone. Nothing is noisy yet.
/// </summary>
public static class Aggregates
{
    /// <summary>The rows for which all of some bits are set: their product, halved in number with each round. Null, for everyone, without any bits.</summary>
    public static async ValueTask<SecretVector?> MembersAsync(Computation computation, IReadOnlyList<SecretVector> bits, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(computation);
        ArgumentNullException.ThrowIfNull(bits);
        List<SecretVector> left = [.. bits];
        while (left.Count > 1)
        {
            var products = Enumerable.Range(0, left.Count / 2).Select(i => Product.Elements(left[2 * i], left[2 * i + 1])).ToArray();
            left = [.. await computation.MultiplyAsync(products, cancel), .. left.Skip(2 * products.Length)];
        }
        return left.Count == 0 ? null : left[0];
    }

    /// <summary>The sum of each column over the cohort; of bits, how many are set. For everyone nothing is sent.</summary>
    public static async ValueTask<SecretVector> SumsAsync(
        Computation computation, SecretVector? members, IReadOnlyList<SecretVector> columns, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(computation);
        ArgumentNullException.ThrowIfNull(columns);
        return members is null
            ? SecretVector.Concat([.. columns.Select(column => column.Sum())])
            : SecretVector.Concat(await computation.MultiplyAsync([.. columns.Select(column => Product.Dot(members, column))], cancel));
    }

    /// <summary>
    /// The count, the sums of the variables and those of their products, in the order of <see cref="Results.Moments"/>. Rows without an optional variable have to be kept out by
    /// the members.
    /// </summary>
    public static async ValueTask<SecretVector> MomentsAsync(
        Computation computation, SecretVector? members, IReadOnlyList<SecretVector> variables, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(computation);
        ArgumentNullException.ThrowIfNull(variables);
        ArgumentOutOfRangeException.ThrowIfZero(variables.Count, nameof(variables));
        IReadOnlyList<SecretVector> within = members is null
            ? variables
            : await computation.MultiplyAsync([.. variables.Select(variable => Product.Elements(members, variable))], cancel);
        var count = members?.Sum() ?? SecretVector.Public(computation.Party, [(ulong)variables[0].Count]);
        var products = new List<Product>();
        for (var a = 0; a < variables.Count; a++)
            for (var b = a; b < variables.Count; b++)
                products.Add(Product.Dot(within[a], variables[b]));
        return SecretVector.Concat([count, .. within.Select(variable => variable.Sum()), .. await computation.MultiplyAsync(products, cancel)]);
    }

    /// <summary>How many rows have each category of one attribute and each of another, row by row of the table.</summary>
    public static async ValueTask<SecretVector> TableAsync(
        Computation computation, SecretVector? members, IReadOnlyList<SecretVector> rows, IReadOnlyList<SecretVector> columns, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(computation);
        ArgumentNullException.ThrowIfNull(rows);
        IReadOnlyList<SecretVector> within = members is null
            ? rows
            : await computation.MultiplyAsync([.. rows.Select(row => Product.Elements(members, row))], cancel);
        return SecretVector.Concat(await computation.MultiplyAsync([.. within.SelectMany(row => columns.Select(column => Product.Dot(row, column)))], cancel));
    }
}
