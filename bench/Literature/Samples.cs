using System.Text;

namespace Salus.Bench.Literature;

/// <summary>Made-up contents, the same at every run: notes of a ward as text, and slices of 512 x 512 pixels of 16 bits as from a scanner.</summary>
internal static class Samples
{
    private static readonly string[] Words =
    [
        "patient", "admitted", "with", "acute", "chest", "pain", "radiating", "to", "the", "left", "arm", "no", "fever", "blood", "pressure", "within",
        "normal", "range", "started", "on", "aspirin", "metoprolol", "and", "atorvastatin", "laboratory", "troponin", "elevated", "repeat", "in", "six", "hours", "discharged",
    ];

    public static byte[] Text(int size)
    {
        var text = new byte[size];
        var state = 1u;
        for (var at = 0; at < size;)
        {
            var word = Encoding.ASCII.GetBytes(Words[Next(ref state) % (uint)Words.Length] + (Next(ref state) % 12 == 0 ? ".\n" : " "));
            var take = Math.Min(word.Length, size - at);
            word.AsSpan(0, take).CopyTo(text.AsSpan(at));
            at += take;
        }
        return text;
    }

    public static byte[] Image(int size)
    {
        const int side = 512;
        var image = new byte[size];
        var state = 1u;
        for (var at = 0; at + 1 < size; at += 2)
        {
            var pixel = at / 2 % (side * side);
            int x = pixel % side - side / 2, y = pixel / side - side / 2;
            var inside = x * x + y * y < side * side / 5;
            var value = (inside ? 1000 + (x + y) / 2 : 0) + (int)(Next(ref state) % 24);
            (image[at], image[at + 1]) = ((byte)(value & 0xff), (byte)(value >> 8));
        }
        return image;
    }

    /// <summary>Numerical Recipes' linear congruential generator: contents, not secrets.</summary>
    private static uint Next(ref uint state) => (state = unchecked(state * 1664525 + 1013904223)) >> 8;
}
