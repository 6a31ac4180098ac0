namespace Salus.Cli.Tests;

/// <summary>Text of others cannot steer the terminal.</summary>
public class TerminalTests
{
    [Theory]
    [InlineData("plain äöü 漢字 🩺\tand\n", "plain äöü 漢字 🩺\tand\n")]
    [InlineData("red \u001b[31mtext\u0007", "red  [31mtext ")]
    [InlineData("exe\u202Egnp.scan\r", "exe gnp.scan ")]
    [InlineData("csi \u009b31m del \u007f zero\u200bwidth", "csi  31m del   zero width")]
    public void CleanTakesAwayWhatSteers(string text, string shown) => Assert.Equal(shown, Terminal.Clean(text));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(3.5 * 1024 * 1024 * 1024, "3.5 GiB")]
    public void BytesAreShownForPeople(double count, string shown) => Assert.Equal(shown, Progress.Bytes(count));
}
