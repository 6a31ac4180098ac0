using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Salus.Cloud.Data;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Cloud.Tests.Requests;

public sealed class RequestTests : IAsyncLifetime
{
    private TestCloud _cloud = null!;

    public async ValueTask InitializeAsync() => _cloud = await TestCloud.StartAsync();

    public ValueTask DisposeAsync() => _cloud.DisposeAsync();

    [Fact]
    public async Task RequestReachesItsOwnerWithALetterThatSaysNothing()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        using var doctor = await Person.RegisterAsync(_cloud);
        var entry = await Asking.EnterAsync(anna);
        var letters = _cloud.Letters.To(anna.Mail).Count;
        var answer = await entry.AskAsync(doctor, 2, 5);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var asked = (await answer.Content.ReadFromJsonAsync<AskedForAccess>())!;
        Assert.Equal([entry.Find[2].Sealed, entry.Find[5].Sealed], asked.Found);
        Assert.Equal(_cloud.Time.GetUtcNow().AddDays(14), asked.Expires);
        var incoming = Assert.Single((await Asking.ListAsync(anna)).Incoming);
        Assert.Equal((asked.Id, doctor.Id.ToString(), RequestStates.Pending), (incoming.Id, incoming.Asker, incoming.State));
        Assert.Equal(200, incoming.Sealed.Length);
        var outgoing = Assert.Single((await Asking.ListAsync(doctor)).Outgoing);
        Assert.Equal((asked.Id, RequestStates.Pending, null), (outgoing.Id, outgoing.State, outgoing.Grant));
        Assert.Empty((await Asking.ListAsync(doctor)).Incoming);
        var letter = (await _cloud.Letters.ToAsync(anna.Mail, letters + 1))[^1];
        Assert.Contains("asks for access", letter, StringComparison.Ordinal);
        foreach (var said in new[] { doctor.Mail, doctor.Id.ToString(), asked.Id, "http" })
            Assert.DoesNotContain(said, letter, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task WhateverIsMissingTheAnswerIsTheSame()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        using var ben = await Person.RegisterAsync(_cloud);
        using var doctor = await Person.RegisterAsync(_cloud);
        var (entry, bens) = (await Asking.EnterAsync(anna), await Asking.EnterAsync(ben));
        var unknown = RandomNumberGenerator.GetBytes(32);
        var answers = new List<(HttpStatusCode, string)>();
        foreach (var (tag, find) in new (byte[], byte[][])[]
        {
            (unknown, [unknown]), (unknown, [entry.Find[0].Tag]), (entry.Tag, [unknown]), (entry.Tag, [entry.Find[0].Tag, unknown]), (entry.Tag, [bens.Find[0].Tag]),
            (entry.Tag, [entry.Tag]), (entry.Find[0].Tag, [entry.Find[0].Tag]),
        })
            answers.Add(await AnswerAsync(Asking.AskAsync(doctor, tag, find)));
        answers.Add(await AnswerAsync(entry.AskAsync(anna, 0))); // nobody asks herself
        Assert.Single(answers.Distinct());
        Assert.Equal(HttpStatusCode.NotFound, answers[0].Item1);
        Assert.Empty((await Asking.ListAsync(anna)).Incoming);
        Assert.Empty((await Asking.ListAsync(doctor)).Outgoing);
        Assert.Single(_cloud.Letters.To(anna.Mail)); // that of her registration
    }

    [Fact]
    public async Task ApprovalByAGrantToTheAskerMailsTheCodeAndKeepsItNowhere()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        using var doctor = await Person.RegisterAsync(_cloud);
        using var other = await Person.RegisterAsync(_cloud);
        var id = (await (await Asking.EnterAsync(anna)).AskAsync(doctor, 0).ReadAsync<AskedForAccess>()).Id;
        var partition = await Partition.CreateAsync(anna);
        var grant = await Giving.GiveAsync(partition, doctor);
        var toOther = await Giving.GiveAsync(partition, other);
        var revoked = await Giving.GiveAsync(partition, doctor);
        await Giving.RevokeAsync(revoked, anna).ShouldSucceedAsync();
        foreach (var wrong in new[] { toOther.Terms.Id, revoked.Terms.Id, Identifier.Random<GrantId>() })
            await Asking.ApproveAsync(anna, id, wrong).ShouldBeAsync(Problems.Conflict);
        foreach (var person in new[] { doctor, other })
            await Asking.ApproveAsync(person, id, grant.Terms.Id).ShouldBeAsync(Problems.NotFound);
        foreach (var code in new[] { "", "012345678", "01234567890", "ILOU000000", "0123 45678", "<b>1234567" })
            await Asking.ApproveAsync(anna, id, grant.Terms.Id, code).ShouldBeAsync(Problems.BadRequest);
        var letters = _cloud.Letters.To(doctor.Mail).Count;
        await Asking.ApproveAsync(anna, id, grant.Terms.Id, "7zq4x9k2mp").ShouldSucceedAsync();
        Assert.Contains("    7ZQ4X-9K2MP\r\n", (await _cloud.Letters.ToAsync(doctor.Mail, letters + 1))[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("7zq4x9k2mp", await _cloud.Cluster.DumpAsync(_cloud.Database), StringComparison.OrdinalIgnoreCase);
        var outgoing = Assert.Single((await Asking.ListAsync(doctor)).Outgoing);
        Assert.Equal((RequestStates.Approved, grant.Terms.Id.ToString()), (outgoing.State, outgoing.Grant));
        Assert.Equal(RequestStates.Approved, Assert.Single((await Asking.ListAsync(anna)).Incoming).State);
        // The same again sends the letter again; another grant, or a denial, comes too late.
        await Asking.ApproveAsync(anna, id, grant.Terms.Id, "7zq4x9k2mp").ShouldSucceedAsync();
        await _cloud.Letters.ToAsync(doctor.Mail, letters + 2);
        await Asking.ApproveAsync(anna, id, (await Giving.GiveAsync(partition, doctor)).Terms.Id).ShouldBeAsync(Problems.Conflict);
        await Asking.DenyAsync(anna, id).ShouldBeAsync(Problems.Conflict);
    }

    [Fact]
    public async Task DeniedRequestStaysDenied()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        using var doctor = await Person.RegisterAsync(_cloud);
        var id = (await (await Asking.EnterAsync(anna)).AskAsync(doctor, 0).ReadAsync<AskedForAccess>()).Id;
        var grant = await Giving.GiveAsync(await Partition.CreateAsync(anna), doctor);
        await Asking.DenyAsync(doctor, id).ShouldBeAsync(Problems.NotFound);
        await Asking.DenyAsync(anna, new string('0', 32)).ShouldBeAsync(Problems.NotFound);
        await Asking.DenyAsync(anna, id).ShouldSucceedAsync();
        await Asking.DenyAsync(anna, id).ShouldSucceedAsync();
        Assert.Equal(RequestStates.Denied, Assert.Single((await Asking.ListAsync(doctor)).Outgoing).State);
        await Asking.ApproveAsync(anna, id, grant.Terms.Id).ShouldBeAsync(Problems.Conflict);
    }

    [Fact]
    public async Task RequestExpiresAfterFourteenDaysAndIsRemovedLater()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        using var doctor = await Person.RegisterAsync(_cloud);
        var id = (await (await Asking.EnterAsync(anna)).AskAsync(doctor, 0).ReadAsync<AskedForAccess>()).Id;
        var grant = await Giving.GiveAsync(await Partition.CreateAsync(anna), doctor);
        _cloud.Time.Advance(TimeSpan.FromDays(14));
        await anna.LogInAsync();
        Assert.Equal(RequestStates.Expired, Assert.Single((await Asking.ListAsync(anna)).Incoming).State);
        await Asking.ApproveAsync(anna, id, grant.Terms.Id).ShouldBeAsync(Problems.Conflict);
        await Asking.DenyAsync(anna, id).ShouldBeAsync(Problems.Conflict);
        await using var database = _cloud.OpenDatabase();
        await Collector.CollectAsync(database, _cloud.Time.GetUtcNow() + TimeSpan.FromDays(13), CancellationToken.None);
        Assert.Equal(1, await database.Requests.CountAsync());
        await Collector.CollectAsync(database, _cloud.Time.GetUtcNow() + TimeSpan.FromDays(14), CancellationToken.None);
        Assert.Equal(0, await database.Requests.CountAsync());
    }

    [Fact]
    public async Task TwentyRequestsAreOpenAndNoMore()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        using var doctor = await Person.RegisterAsync(_cloud);
        var entry = await Asking.EnterAsync(anna);
        for (var i = 0; i < 20; i++)
        {
            if (i % 10 == 9)
                await doctor.LogInAsync(); // a session asks ten times a minute
            await entry.AskAsync(doctor, 0).ShouldSucceedAsync();
        }
        await doctor.LogInAsync();
        await entry.AskAsync(doctor, 0).ShouldBeAsync(Problems.TooMany);
        await Asking.DenyAsync(anna, (await Asking.ListAsync(anna)).Incoming[0].Id).ShouldSucceedAsync();
        await entry.AskAsync(doctor, 0).ShouldSucceedAsync();
    }

    [Fact]
    public async Task ThirtyTriesADayAreCountedFoundOrNot()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        using var mallory = await Person.RegisterAsync(_cloud);
        var entry = await Asking.EnterAsync(anna);
        for (var i = 0; i < 30; i++)
        {
            if (i % 10 == 9)
                await mallory.LogInAsync();
            await Asking.AskAsync(mallory, RandomNumberGenerator.GetBytes(32), entry.Find[0].Tag).ShouldBeAsync(Problems.NotFound);
        }
        await mallory.LogInAsync();
        await entry.AskAsync(mallory, 0).ShouldBeAsync(Problems.TooMany);
        await Asking.AskAsync(mallory, RandomNumberGenerator.GetBytes(32), entry.Find[0].Tag).ShouldBeAsync(Problems.TooMany);
        _cloud.Time.Advance(TimeSpan.FromDays(1));
        await mallory.LogInAsync();
        await entry.AskAsync(mallory, 0).ShouldSucceedAsync();
    }

    [Fact]
    public async Task RequestsOutsideTheLimitsAreBadRequests()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        byte[] tag = RandomNumberGenerator.GetBytes(32), text = [1];
        AskForAccess[] wrong =
        [
            new(tag[1..], [tag], text), new(tag, [], text), new(tag, [tag, tag], text), new(tag, [tag[1..]], text), new(tag, [null!], text), new(tag, [tag], []),
            new(tag, [tag], new byte[8193]), new(tag, [.. Enumerable.Range(0, 9).Select(_ => RandomNumberGenerator.GetBytes(32))], text),
        ];
        foreach (var request in wrong)
            await anna.Http.PostAsJsonAsync(Paths.Requests, request).ShouldBeAsync(Problems.BadRequest);
        await using var database = _cloud.OpenDatabase();
        Assert.Equal(0, await database.Set<Cloud.Requests.RequestTriesRow>().CountAsync());
    }

    private static async Task<(HttpStatusCode, string)> AnswerAsync(Task<HttpResponseMessage> answer)
    {
        using var response = await answer;
        using var body = JsonDocument.Parse(await response.Content.ReadAsStreamAsync());
        return (response.StatusCode, string.Join('|', body.RootElement.EnumerateObject().Where(member => member.Name != "traceId").Select(member => member.ToString())));
    }
}
