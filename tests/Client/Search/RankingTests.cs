using Salus.Client.Search;
using Salus.Client.Search.Segments;
using Salus.Health;
using Salus.Health.Fhir;
using Salus.Health.Keywords;
using Salus.Protocol;
using Salus.Testing;

namespace Salus.Client.Tests.Search;

/// <summary>
/// Every FHIR bundle and note of the data set, in sealed segments of three sources, some small and some in blocks at the cloud: hit for hit the ranking of a plain BM25 over the same
/// documents in clear.
/// </summary>
public sealed class RankingTests
{
    private const int Queries = 300;

    [Fact]
    public async Task TheRankingIsThatOfPlaintext()
    {
        using var patient = await SearchedAccount.CreateAsync();
        using var laboratory = SigningKey.Generate();
        SigningKey[] sources = [patient.Own, patient.Hospital.Identity, laboratory];
        var random = new Random(7);
        var documents = new List<Document>();
        var vocabulary = new SortedSet<string>(StringComparer.Ordinal);
        // Everything twice, as records of their own: many hits score the same.
        for (var time = 0; time < 2; time++)
            foreach (var path in Directory.EnumerateFiles(Places.Data, "*", SearchOption.AllDirectories).Where(IsNote).Order(StringComparer.Ordinal))
                Read(path, sources[documents.Count % sources.Length], documents, vocabulary);
        Assert.True(documents.Count > 6000, $"Only {documents.Count} documents.");

        var segments = new List<LiveSegment>();
        try
        {
            foreach (var part in Parts(documents, random))
                segments.Add(await OpenAsync(patient, part));
            Assert.Contains(segments, segment => segment.Open.IsInline);
            Assert.True(segments.Count(segment => !segment.Open.IsInline) >= 2);
            var words = vocabulary.ToArray();
            var hits = 0;
            for (var i = 0; i < Queries; i++)
            {
                var asked = Reference.Random(random, words, documents, sources);
                Assert.True(Query.TryParse(asked.Text, out var query, out var fault), fault);
                var expanded = ExpandedQuery.Of(query, asked.Sources, (prefix, count) =>
                    segments.SelectMany(segment => segment.Open.WithPrefix(prefix, count)).Select(term => term.Text).Distinct().Order(StringComparer.Ordinal).Take(count));
                var suspicions = new Suspicions();
                var ranked = await RankedSearch.RunAsync(segments, expanded, new BlockReader(patient.Account.Cloud), suspicions, TestContext.Current.CancellationToken);
                var found = new List<RankedDocument>();
                while (ranked.Count > 0)
                    found.AddRange(ranked.Next(1 + random.Next(50)));
                var expected = asked.Rank(documents);
                Assert.Equal(expected.Select(hit => hit.Id), found.Select(hit => hit.Document));
                for (var at = 0; at < expected.Count; at++)
                    Assert.True(Math.Abs(expected[at].Score - found[at].Score) < 1e-9, $"{asked.Text}: {expected[at].Score} is {found[at].Score}");
                hits += expected.Count;
                Assert.Null(suspicions.Alarm);
            }
            Assert.True(hits > 20 * Queries, $"Only {hits} hits in all.");
        }
        finally
        {
            foreach (var segment in segments)
                segment.Dispose();
        }
    }

    private static bool IsNote(string path) => path.Contains("/fhir/", StringComparison.Ordinal) || path.Contains("/ccda/", StringComparison.Ordinal)
        || path.Contains("/hl7v2/", StringComparison.Ordinal) || path.Contains("/dicom/", StringComparison.Ordinal);

    private static void Read(string path, SigningKey source, List<Document> documents, SortedSet<string> vocabulary)
    {
        using var file = File.OpenRead(path);
        var head = new byte[Math.Min(MediaTypes.HeadSize, file.Length)];
        file.ReadExactly(head);
        file.Position = 0;
        var record = Identifier.Random<RecordId>();
        if (path.Contains("/fhir/", StringComparison.Ordinal))
            try
            {
                foreach (var slice in FhirImport.Read(file).Slices)
                {
                    record = Identifier.Random<RecordId>();
                    documents.AddRange(FhirKeywords.Extract(slice, []).Select(terms => new Document(record, terms, source.PublicKey.Account)));
                    using var body = slice.OpenRead();
                    foreach (var entry in slice.Index.Entries.Where(entry => entry.ResourceLength > 0).Take(40))
                    {
                        var resource = new byte[entry.ResourceLength];
                        body.Position = entry.ResourceOffset;
                        body.ReadExactly(resource);
                        vocabulary.UnionWith(FhirKeywords.Texts(new MemoryStream(resource)).SelectMany(Words.Tokenise).Select(token => token.Word));
                    }
                }
                return;
            }
            catch (FhirFormatException)
            {
                // Kept as any other file.
                file.Position = 0;
            }
        documents.AddRange(KeywordExtractor.Extract(file, MediaTypes.Detect(head, path), Path.GetFileName(path), []).Select(terms => new Document(record, terms, source.PublicKey.Account)));
    }

    /// <summary>Two large parts, and many small ones.</summary>
    private static IEnumerable<IReadOnlyList<Document>> Parts(List<Document> documents, Random random)
    {
        var order = documents.ToArray();
        random.Shuffle(order);
        for (var at = 0; at < order.Length;)
        {
            var size = at < order.Length * 8 / 10 ? order.Length * 45 / 100 : at < order.Length * 95 / 100 ? 50 + random.Next(200) : 1 + random.Next(20);
            yield return order.Skip(at).Take(size).ToArray();
            at += size;
        }
    }

    private static async Task<LiveSegment> OpenAsync(SearchedAccount patient, IReadOnlyList<Document> documents)
    {
        var builder = new SegmentBuilder();
        foreach (var document in documents)
            builder.Add(document.Id, document.Terms.ToList(), document.Length);
        var info = await patient.SealAsync(patient.Own, builder);
        using var delegating = patient.Account.Keys.Delegating(patient.Partition.Id, info.Epoch);
        Assert.True(info.Capsule.TryVerify(patient.Partition.Head.Key, info.Context(patient.Account.Id, patient.Partition.Id).ToBytes(), out var capsule));
        using var key = capsule.Open(delegating);
        using var secret = await info.Key.UnwrapAsync(key, info.Context(patient.Account.Id, patient.Partition.Id).ToBytes());
        var open = await OpenSegment.OpenAsync(patient.Account.Id, info, secret!, patient.Cloud.Dictionaries[info.Id]);
        var owner = new SearchedOwner(patient.Own.PublicKey, "patient", null, [], new Dictionary<PartitionId, IReadOnlyList<EpochHeader>>());
        return new LiveSegment(new SearchedPartition(owner, patient.Partition.Id, "medical", null!), info, open);
    }
}

/// <summary>A document in clear.</summary>
internal sealed class Document
{
    public Document(RecordId record, DocumentTerms terms, AccountId source)
    {
        Id = new IndexedDocument(record, terms.Resource == DocumentTerms.Whole ? IndexedDocument.WholeRecord : (uint)terms.Resource);
        Length = terms.Length;
        Terms = terms.Terms.ToDictionary();
        Terms[TermNames.SourcePrefix + source] = 1;
    }

    public IndexedDocument Id { get; }

    public int Length { get; }

    public Dictionary<string, int> Terms { get; }
}

/// <summary>A query as a list of groups, each a list of alternatives, each the forms of one word; and its ranking, document by document and by the book.</summary>
internal sealed record Reference(string Text, IReadOnlyList<IReadOnlyList<Reference.Word>> Groups, IReadOnlyList<Reference.Word> Without, IReadOnlyCollection<AccountId>? Sources)
{
    public sealed record Word(HashSet<string> Forms, bool IsScored)
    {
        public bool IsIn(Document document) => Forms.Any(document.Terms.ContainsKey);
    }

    public static Reference Random(Random random, string[] words, List<Document> documents, SigningKey[] sources)
    {
        var (text, groups, without) = (new List<string>(), new List<IReadOnlyList<Word>>(), new List<Word>());
        AccountId[]? from = null;
        // A document to find: most queries should.
        var terms = documents[random.Next(documents.Count)].Terms.Keys.ToArray();
        switch (random.Next(8))
        {
            case 0:
                Plain(words[random.Next(words.Length)]);
                break;
            case 1:
                Plain(OneOf("w:"));
                Plain(OneOf("w:"));
                break;
            case 2:
                string[] any = [OneOf("w:"), words[random.Next(words.Length)], OneOf("w:")];
                text.AddRange(any.Select(word => "any:" + word));
                groups.Add([.. any.Distinct().Select(WordOf)]);
                break;
            case 3:
                Prefix(OneOf("w:"));
                break;
            case 4:
                Plain(OneOf("w:"));
                var out1 = words[random.Next(words.Length)];
                text.Add("-" + out1);
                without.Add(WordOf(out1));
                break;
            case 5:
                Plain(OneOf("w:"));
                var date = OneOf("d:", "2020");
                text.Add("date:" + date);
                groups.Add([new Word(["d:" + date], false)]);
                break;
            case 6:
                var code = OneOf("c:", "4548-4");
                text.Add($"code:\"{code}\"");
                groups.Add([new Word(["c:" + code], true)]);
                break;
            default:
                Plain(OneOf("w:"));
                from = [sources[random.Next(sources.Length)].PublicKey.Account];
                break;
        }
        return new Reference(string.Join(' ', text), groups, without, from);

        string OneOf(string prefix, string otherwise = "patient") =>
            terms.Where(term => term.StartsWith(prefix, StringComparison.Ordinal)).Select(term => term[2..]).Where(word => !word.Contains('"', StringComparison.Ordinal)).ToArray()
                is { Length: > 0 } some ? some[random.Next(some.Length)] : otherwise;

        void Plain(string word)
        {
            text.Add(word);
            if (groups.Count == 0 || !text.Take(text.Count - 1).Contains(word))
                groups.Add([WordOf(word)]);
        }

        void Prefix(string word)
        {
            var prefix = word[..Math.Min(word.Length, 4)];
            if (prefix.Count(char.IsLetterOrDigit) < 3)
                prefix = "diab";
            text.Add(prefix + "*");
            var forms = documents.SelectMany(document => document.Terms.Keys).Where(term => term.StartsWith("w:" + prefix, StringComparison.Ordinal)).Distinct()
                .Order(StringComparer.Ordinal).Take(128).Union(Words.QueryVariants(prefix)).ToHashSet();
            groups.Add([new Word(forms, true)]);
        }

        static Word WordOf(string word)
        {
            var forms = Words.QueryVariants(word).ToHashSet();
            return new Word(forms, true);
        }
    }

    public IReadOnlyList<(IndexedDocument Id, double Score)> Rank(List<Document> documents)
    {
        var mean = documents.Average(document => (double)document.Length);
        var weights = Groups.SelectMany(group => group).ToDictionary(word => word, word =>
        {
            var df = Math.Min(documents.Count, documents.Sum(document => word.Forms.Count(document.Terms.ContainsKey)));
            return Math.Log(1 + ((documents.Count - df + 0.5) / (df + 0.5)));
        });
        var found = new List<(IndexedDocument Id, double Score)>();
        foreach (var document in documents)
        {
            if (Without.Any(word => word.IsIn(document)) || !Groups.All(group => group.Any(word => word.IsIn(document)))
                || (Sources is not null && !Sources.Any(source => document.Terms.ContainsKey(TermNames.SourcePrefix + source))))
                continue;
            var score = 0.0;
            foreach (var group in Groups)
            {
                var of = 0.0;
                foreach (var word in group.Where(word => word.IsScored))
                {
                    double frequency = word.Forms.Sum(form => document.Terms.GetValueOrDefault(form));
                    if (frequency > 0)
                        of += weights[word] * frequency * (1.2 + 1) / (frequency + (1.2 * (1 - 0.75 + (0.75 * (document.Length / mean)))));
                }
                score += of;
            }
            found.Add((document.Id, score));
        }
        return [.. found.OrderByDescending(hit => hit.Score).ThenBy(hit => hit.Id.Record.Value).ThenBy(hit => hit.Id.Resource)];
    }
}
