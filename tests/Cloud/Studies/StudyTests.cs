using System.Net.Http.Json;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Studies;

namespace Salus.Cloud.Tests.Studies;

public sealed class StudyTests(SharedCloud shared) : IClassFixture<SharedCloud>
{
    private readonly TestCloud _cloud = shared.Cloud;

    [Fact]
    public async Task EverybodySeesAStudyAndOnlyItsResearcherOpensAndEndsIt()
    {
        using var researcher = await Person.RegisterAsync(_cloud);
        using var custodian = await Person.RegisterAsync(_cloud);
        var study = await OpenedStudy.OpenAsync(researcher, custodian);
        await study.PostAsync().ShouldSucceedAsync(); // the answer was lost
        var seen = await _cloud.Http.GetAsync(study.At(Paths.Study)).ReadAsync<StudyView>();
        Assert.Equal(study.Study.Signed, seen.Signed);
        Assert.Equal(study.Words(), seen.TokenKeys);
        Assert.Null(seen.End);
        await study.PostAsync(by: custodian).ShouldBeAsync(Problems.NotYours);
        await study.EndAsync(by: custodian).ShouldBeAsync(Problems.NotFound);
        await study.EndAsync(by: researcher).ShouldSucceedAsync();
        await study.EndAsync(by: researcher).ShouldSucceedAsync();
        var ended = (await _cloud.Http.GetAsync(study.At(Paths.Study)).ReadAsync<StudyView>()).End;
        Assert.True(StudyEnd.TryVerify(ended, out var end) && end.IsOf(study.Study));
        await _cloud.Http.GetAsync(Paths.Study.Replace("{id}", new StudyId(1).ToString())).ShouldBeAsync(Problems.NotFound);
    }

    [Fact]
    public async Task TheListHasAllStudiesPageByPage()
    {
        await using var cloud = await TestCloud.StartAsync();
        using var researcher = await Person.RegisterAsync(cloud);
        using var custodian = await Person.RegisterAsync(cloud);
        var opened = new List<StudyId>();
        for (var i = 0; i < 35; i++)
            opened.Add((await OpenedStudy.OpenAsync(researcher, custodian)).Study.Id);
        var (listed, pages) = (new List<StudyId>(), 0);
        for (string? after = null; pages == 0 || after is not null; pages++)
        {
            var page = await cloud.Http.GetAsync(Paths.Studies + (after is null ? "" : $"?after={after}")).ReadAsync<StudyPage>();
            listed.AddRange(page.Studies.Select(view => Study.TryVerify(view.Signed, out var study) ? study.Id : default));
            after = page.Next;
        }
        Assert.Equal(3, pages);
        Assert.Equal(opened.Select(id => id.ToString()).Order(), listed.Select(id => id.ToString()));
        await cloud.Http.GetAsync(Paths.Studies + "?after=x").ShouldBeAsync(Problems.BadRequest);
    }

    [Fact]
    public async Task AStudyComesWithTheWordsOfItsTrusteesAndKeepsItsTerms()
    {
        using var researcher = await Person.RegisterAsync(_cloud);
        using var custodian = await Person.RegisterAsync(_cloud);
        using var stranger = Person.Unregistered(_cloud);
        using var key = SigningKey.Generate();
        var study = OpenedStudy.Make(researcher, custodian);
        var words = study.Words();
        var another = OpenedStudy.Make(researcher, custodian);
        foreach (var wrong in (byte[][][])[[], [words[0], words[1]], [words[1], words[0], words[2]], [words[0], words[1], words[1]], [.. another.Words()], [.. words, words[0]]])
            await study.PostAsync(words: wrong).ShouldBeAsync(Problems.BadRequest);
        await OpenedStudy.Make(researcher, stranger).PostAsync().ShouldBeAsync(Problems.NotFound);
        var elsewhere = Study.Create(researcher.Identity, study.Study.Terms with { Trustees = Study.InOrder([.. study.Study.Terms.Trustees.Take(2), key.PublicKey]) });
        await study.PostAsync(study: elsewhere, words: words).ShouldBeAsync(Problems.BadRequest);
        await OpenedStudy.Make(researcher, custodian, terms => terms with { Opens = DateTimeOffset.UnixEpoch, Ends = DateTimeOffset.UnixEpoch.AddDays(1) }).PostAsync()
            .ShouldBeAsync(Problems.StudyClosed);
        await researcher.Http.PostAsJsonAsync(Paths.Studies, new OpenStudy([1], words)).ShouldBeAsync(Problems.BadRequest);
        await _cloud.Http.PostAsJsonAsync(Paths.Studies, new OpenStudy(study.Study.Signed, words)).ShouldBeAsync(Problems.NoSession);
        await study.PostAsync().ShouldSucceedAsync();
        await study.PostAsync(study: Study.Create(researcher.Identity, study.Study.Terms with { Title = "Another" })).ShouldBeAsync(Problems.Conflict);
    }
}
