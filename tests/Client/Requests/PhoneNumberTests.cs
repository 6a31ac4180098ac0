using Salus.Client.Requests;

namespace Salus.Client.Tests.Requests;

public class PhoneNumberTests
{
    [Theory]
    [InlineData("+41790000000")]
    [InlineData("+41 79 000 00 00")]
    [InlineData("0041790000000")]
    [InlineData(" 0041 (79) 000-00.00 ")]
    [InlineData("+41/79/0000000")]
    [InlineData("+41\u00a079\u00a00000000")]
    public void WhateverWayItIsWrittenItIsOneNumber(string typed) => Assert.Equal("+41790000000", PhoneNumber.Parse(typed).Text);

    [Theory]
    [InlineData("079 000 00 00", "country")]
    [InlineData("790000000", "country")]
    [InlineData("", "country")]
    [InlineData("+", "digits")]
    [InlineData("+1234567", "digits")]
    [InlineData("+1234567890123456", "digits")]
    [InlineData("+0790000000", "digits")]
    [InlineData("00 079 0000000", "digits")]
    [InlineData("+41 79 ooo 00 00", "'o'")]
    [InlineData("41+790000000", "'+'")]
    [InlineData("++41790000000", "'+'")]
    [InlineData("+41790000000 ext 5", "'e'")]
    [InlineData("+٤١٧٩٠٠٠٠٠٠٠", "'٤'")]
    public void WhatIsNoInternationalNumberIsRefusedWithWhatToType(string typed, string why)
    {
        var refusal = Assert.Throws<CannotException>(() => PhoneNumber.Parse(typed));
        Assert.Contains(why, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("+41", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ItDoesNotPrintItself() => Assert.DoesNotContain("41", PhoneNumber.Parse("+41790000000").ToString(), StringComparison.Ordinal);
}
