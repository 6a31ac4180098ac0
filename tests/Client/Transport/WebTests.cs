using Salus.Client.Transport;
using Salus.Protocol.Http;

namespace Salus.Client.Tests.Transport;

public class WebTests
{
    private static readonly PartyDirectory Parties = new(new Party("cloud", new Uri("http://localhost:1"), ""), [], []);

    [Fact]
    public void AnonymousConnectionsDoNotResumeTheTlsSessionsOfOthers()
    {
        using var handler = Assert.IsType<SocketsHttpHandler>(Web.AnonymousHandler(null));
        Assert.False(handler.SslOptions.AllowTlsResume);
    }

    [Fact]
    public void TheDeadlineOfAChannelAloneEndsAnExchange()
    {
        foreach (var open in (Func<PartyDirectory, HttpClient>[])[Web.Open, Web.OpenAnonymous])
            using (var http = open(Parties))
                Assert.Equal(Timeout.InfiniteTimeSpan, http.Timeout);
    }
}
