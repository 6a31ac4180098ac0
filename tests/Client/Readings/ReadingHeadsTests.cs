using Salus.Client.Profiles;

namespace Salus.Client.Tests.Readings;

public class ReadingHeadsTests
{
    [Fact]
    public async Task WhatThreeTrusteesShowAtOnceIsRemembered()
    {
        const int Feeds = 20_000;
        var state = new StateContent([], [], [], [], [], [], []);
        await Task.WhenAll(Enumerable.Range(0, 3).Select(trustee => Task.Run(() =>
        {
            for (var feed = 0; feed < Feeds; feed++)
                state.SawReadings($"{trustee}/{feed}", new SeenIndexHead(1, []));
        })));
        Assert.Equal(3 * Feeds, state.ReadingHeads.Count);
        state.SawReadings("0/0", new SeenIndexHead(0, []));
        Assert.Equal(1, state.ReadingHeads["0/0"].Sequence);
    }
}
