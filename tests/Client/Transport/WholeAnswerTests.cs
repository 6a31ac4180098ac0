using System.Text;
using Salus.Client.Transport;

namespace Salus.Client.Tests.Transport;

/// <summary>An answer that lacks a part is an alarm, and nobody goes on with it.</summary>
public class WholeAnswerTests
{
    [Theory]
    [InlineData("""{"grants":[{"signed":"AAAA","revocation":null,"receipts":["AAAA"]}]}""")]
    [InlineData("""{"grants":[]}""")]
    public void AnAnswerWithAllItsPartsIsTaken(string json) => Assert.NotNull(Channel.Read(Encoding.UTF8.GetBytes(json), WireJson.Default.GrantList, "cloud"));

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"grants":null}""")]
    [InlineData("""{"grants":[null]}""")]
    [InlineData("""{"grants":[{"signed":null,"receipts":[]}]}""")]
    [InlineData("""{"grants":[{"signed":"AAAA"}]}""")]
    [InlineData("""{"grants":[{"signed":"AAAA","receipts":[null]}]}""")]
    [InlineData("""{"grants":[""")]
    public void AnAnswerThatLacksAPartIsAnAlarm(string json) =>
        Assert.Equal(AlarmKind.Integrity, Assert.Throws<AlarmException>(() => Channel.Read(Encoding.UTF8.GetBytes(json), WireJson.Default.GrantList, "cloud")).Kind);
}
