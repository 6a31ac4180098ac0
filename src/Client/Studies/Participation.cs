using System.Globalization;
using System.Security.Cryptography;
using Salus.Client.Accounts;
using Salus.Client.Records;
using Salus.Client.Statistics;
using Salus.Client.Uploads;
using Salus.Client.Transport;
using Salus.Crypto.Dispersal;
using Salus.Health.Cohort;
using Salus.Health.Deidentification;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Studies;

namespace Salus.Client.Studies;

/// <summary>What became of a contribution.</summary>
/// <param name="CopyBytes">Of the sealed copy, a class of <see cref="CopySize"/>; 0 for none.</param>
/// <param name="Changes">How many values de-identification treated, by method; none when an earlier attempt was finished.</param>
/// <param name="Complaints">What was wrong with a server while the others sufficed.</param>
/// <param name="Waiting">Trustees that have not taken the row yet: statistics count it when all three have it.</param>
/// <param name="Due">The moment from which `salus resume` sends it; null when it was sent.</param>
public sealed record ContributionOutcome(ContributionId Contribution, int CopyBytes, IReadOnlyDictionary<string, long> Changes, IReadOnlyList<string> Complaints,
    IReadOnlyList<string> Waiting, DateTimeOffset? Due = null);

/// <summary>What became of contributions that waited.</summary>
/// <param name="Sent">How many are through.</param>
/// <param name="Later">How many are not due yet.</param>
public sealed record ResumedContributions(int Sent, int Later, IReadOnlyList<string> Failures);

/// <summary>A study that this account has to do with as a participant, as this device or the cloud knows it.</summary>
/// <param name="State">"started", "contributed", "withdrawn".</param>
/// <param name="Title">The study's, as this device saw it; null when it has not.</param>
public sealed record OwnParticipation(StudyId Study, ContributionId Contribution, string State, string? Title);

/// <summary>Taking part in studies: contributing, from whatever device, and withdrawing. Each step can be repeated after a kill.</summary>
public sealed class Participation(Account account)
{
    public const string Started = "started";
    public const string Contributed = "contributed";
    public const string Withdrawn = "withdrawn";

    private readonly ContributionPlans _plans = new(account);

    /// <summary>Contributes the account's own records.</summary>
    /// <param name="isLater">Prepares it and takes the tokens only; <see cref="ResumeAsync"/> sends it after a moment within the day that is left to chance.</param>
    public Task<ContributionOutcome> JoinAsync(
        KnownStudy study, Func<SequenceKey> sequenceKey, IProgress<TransferProgress>? progress, CancellationToken cancel, bool isLater = false)
    {
        if (study.Terms.Organisations.Any(organisation => organisation.Account == account.Id))
            throw new CannotException("Your organisation contributes for its patients: use `salus study contribute`.", Reasons.OwnStudy);
        return ContributeAsync(study, () => ParticipantKeys.Of(account, study.Id), () => ParticipantData.OfAccountAsync(account, study.Terms, sequenceKey, progress, cancel),
            isLater, cancel);
    }

    /// <summary>Contributes for one patient of the organisation whose account this is: a FHIR file with that patient's resources.</summary>
    public async Task<ContributionOutcome> ContributeAsync(KnownStudy study, Stream file, CancellationToken cancel)
    {
        if (study.Terms.Organisations.All(organisation => organisation.Account != account.Id))
            throw new CannotException("The study does not name your organisation among those that contribute for their patients.", Reasons.NotPermitted);
        using var data = ParticipantData.OfFile(file, study.Terms, cancel);
        var patient = data.PatientIdentifier();
        return await ContributeAsync(study, () => ParticipantKeys.Of(account, study.Id, patient), () => Task.FromResult(data), false, cancel);
    }

    /// <summary>Sends what waits and is due: contributions that were joined for later, rows that a trustee has not taken. Nothing of it is sent as the account.</summary>
    public async Task<ResumedContributions> ResumeAsync(CancellationToken cancel)
    {
        int sent = 0, later = 0;
        var failures = new List<string>();
        if (_plans.All() is not { Count: > 0 } waiting)
            return new ResumedContributions(sent, later, failures);
        using var locked = _plans.Lock();
        foreach (var id in waiting)
        {
            if (await _plans.FindAsync(id) is not { Tokens: not null } plan || !Identifier.TryParse(plan.Study, out StudyId studyId))
                continue;
            if (plan.Due > account.Now)
            {
                later++;
                continue;
            }
            try
            {
                var study = await new StudyList(account).OneAsync(studyId, cancel);
                using var keys = ParticipantKeys.Of(account, studyId);
                var outcome = await SendAsync(study, plan, keys.Contribution == id, new StudyTokens(account), cancel);
                failures.AddRange(outcome.Complaints);
                sent += outcome.Waiting.Count == 0 ? 1 : 0;
            }
            catch (Exception failure) when (failure is UnreachableException or RefusedException or CannotException)
            {
                failures.Add($"A contribution to the study {studyId} waits: {failure.Message}");
            }
        }
        return new ResumedContributions(sent, later, failures);
    }

    /// <summary>
    /// What this device remembers of contributions; no server is asked. With <paramref name="studies"/> the cloud is asked about each of them, over a connection of its own: so
    /// contributions from other devices are found, and the cloud learns that whoever is at this address looks for these contributions together.
    /// </summary>
    public async Task<IReadOnlyList<OwnParticipation>> MineAsync(IEnumerable<KnownStudy>? studies, CancellationToken cancel)
    {
        foreach (var study in studies ?? [])
        {
            using var keys = ParticipantKeys.Of(account, study.Id);
            using var anonymous = account.OpenAnonymous();
            if (await anonymous.StateAsync(study.Id, keys.Contribution, cancel) is { } state)
                account.State.Content.Participations[study.Id.ToString()] = state.IsWithdrawn ? Withdrawn : Contributed;
        }
        await account.State.SaveAsync();
        var own = new List<OwnParticipation>();
        foreach (var (text, state) in account.State.Content.Participations)
            if (Identifier.TryParse(text, out StudyId id))
            {
                using var keys = ParticipantKeys.Of(account, id);
                own.Add(new OwnParticipation(id, keys.Contribution, state, account.State.Content.Studies.GetValueOrDefault(text)?.Title));
            }
        return own;
    }

    /// <summary>Withdraws the account's own contribution, or that for a patient of the organisation's, for good: copy and row are deleted.</summary>
    /// <returns>Which trustees could not be told yet: the same again tells them.</returns>
    public async Task<IReadOnlyList<string>> WithdrawAsync(KnownStudy study, string? patient, CancellationToken cancel)
    {
        using var keys = patient is null ? ParticipantKeys.Of(account, study.Id) : ParticipantKeys.Of(account, study.Id, patient);
        using var locked = _plans.Lock();
        using var anonymous = account.OpenAnonymous();
        var state = await anonymous.StateAsync(study.Id, keys.Contribution, cancel);
        if (state is null && await _plans.FindAsync(keys.Contribution) is null)
            throw new CannotException("There is no contribution of yours to this study.", Reasons.NothingToWithdraw);
        var withdrawal = ContributionWithdrawal.Create(keys.Withdrawal, study.Id);
        await anonymous.WithdrawAsync(withdrawal, cancel);
        _plans.Remove(keys.Contribution);
        await RememberAsync(study, patient is null, Withdrawn);
        var untold = new List<string>();
        foreach (var trustee in account.Trustees)
            try
            {
                await anonymous.WithdrawAsync(trustee, withdrawal, cancel);
            }
            catch (Exception failure) when (failure is UnreachableException or RefusedException)
            {
                untold.Add(trustee.Name);
            }
        return untold;
    }

    private async Task<ContributionOutcome> ContributeAsync(
        KnownStudy study, Func<ParticipantKeys> open, Func<Task<ParticipantData>> read, bool isLater, CancellationToken cancel)
    {
        // 1 While the study is open, by somebody who may.
        if (!study.IsOpen(account.Now))
            throw new CannotException(account.Now < study.Terms.Opens ? "The study has not opened yet." : "The study is over.", Reasons.StudyClosed);
        if (account.Id == study.Terms.Researcher.Account || account.Id == study.Terms.Custodian.Account)
            throw new CannotException("Who runs a study or keeps its contributions does not contribute to it.", Reasons.OwnStudy);
        using var keys = open();
        using var locked = _plans.Lock();
        var isOwn = study.Terms.Organisations.All(organisation => organisation.Account != account.Id);
        var plan = await _plans.FindAsync(keys.Contribution);
        if (plan is null && isOwn && account.State.Content.Participations.GetValueOrDefault(study.Id.ToString()) is Contributed or Withdrawn)
            await RefuseAgainAsync(study, keys.Contribution, isOwn, cancel);

        // 2 As the account: made once, for what tokens are spent on stays what it is; and the tokens.
        ChangeReport? changes = null;
        var imagesLeftOut = 0;
        if (plan is null)
        {
            (plan, changes, imagesLeftOut) = await PlanAsync(study, keys, read);
            await _plans.SaveAsync(plan);
            await RememberAsync(study, isOwn, Started);
        }
        var tokens = new StudyTokens(account);
        if (plan.Receipts is null)
        {
            plan = plan with { Tokens = await tokens.TakeAsync(study, keys, plan.Tokens ?? [], cancel), Due = isLater ? plan.Due ?? account.Now + ByChance() : null };
            await _plans.SaveAsync(plan);
        }

        // 3 As nobody, and nothing as the account any more.
        var outcome = isLater && plan.Due is { } due
            ? new ContributionOutcome(keys.Contribution, plan.Copy?.Length ?? 0, new Dictionary<string, long>(), [.. tokens.Complaints], [], due)
            : await SendAsync(study, plan, isOwn, tokens, cancel);
        return outcome with
        {
            Changes = changes?.Changes.GroupBy(change => change.Method).ToDictionary(group => group.Key, group => group.Sum(change => change.Count)) ?? [],
            Complaints = [.. outcome.Complaints, .. ImagesLeftOut(imagesLeftOut)],
        };
    }

    private async Task<ContributionOutcome> SendAsync(KnownStudy study, ContributionPlan plan, bool isOwn, StudyTokens tokens, CancellationToken cancel)
    {
        var delivery = new ContributionDelivery(account, _plans, tokens);
        ContributionHeader header;
        IReadOnlyList<string> waiting;
        try
        {
            (header, waiting) = await delivery.SendAsync(study, plan, cancel);
        }
        catch (RefusedException refused) when (refused.Code == Problems.Withdrawn)
        {
            _plans.Remove(IdOf(plan));
            await RememberAsync(study, isOwn, Withdrawn);
            throw WasWithdrawnBefore();
        }
        catch (Exception failure) when (failure is RefusedException { Code: Problems.Conflict } or CannotException { Code: Reasons.TokensUsed })
        {
            await RefuseAgainAsync(study, IdOf(plan), isOwn, cancel);
            throw;
        }
        if (header.CopySize > 0 || waiting.Count == 0)
            await RememberAsync(study, isOwn, Contributed);
        if (waiting.Count == 0)
            _plans.Remove(header.Id);
        return new ContributionOutcome(header.Id, header.CopySize, new Dictionary<string, long>(), [.. tokens.Complaints, .. delivery.Complaints], waiting);
    }

    /// <summary>When the cloud has the contribution already, or its withdrawal: what this device made instead leads nowhere. The cloud is asked as nobody.</summary>
    private async Task RefuseAgainAsync(KnownStudy study, ContributionId contribution, bool isOwn, CancellationToken cancel)
    {
        using var anonymous = account.OpenAnonymous();
        if (await anonymous.StateAsync(study.Id, contribution, cancel) is not { } state)
            return;
        _plans.Remove(contribution);
        await RememberAsync(study, isOwn, state.IsWithdrawn ? Withdrawn : Contributed);
        throw state.IsWithdrawn ? WasWithdrawnBefore() : new CannotException("You have contributed to this study already.", Reasons.AlreadyJoined);
    }

    private static CannotException WasWithdrawnBefore() =>
        new("This contribution was withdrawn. A withdrawal is for good: the tokens see to it that everybody counts once.", Reasons.WasWithdrawn);

    private static TimeSpan ByChance() => TimeSpan.FromSeconds(RandomNumberGenerator.GetInt32((int)TimeSpan.FromDays(1).TotalSeconds));

    private static ContributionId IdOf(ContributionPlan plan) => Identifier.TryParse(plan.Contribution, out ContributionId id)
        ? id : throw new AlarmException(AlarmKind.Integrity, "The plan of the contribution is damaged. Nothing was contributed.");

    private static IEnumerable<string> ImagesLeftOut(int count) => count == 0 ? [] : [string.Create(CultureInfo.InvariantCulture,
        $"{count} {(count == 1 ? "image was" : "images were")} left out: a name may be burned into the picture, or the file is none that the rules make safe.")];

    private static async Task<(ContributionPlan Plan, ChangeReport? Changes, int ImagesLeftOut)> PlanAsync(
        KnownStudy study, ParticipantKeys keys, Func<Task<ParticipantData>> read)
    {
        using var data = await read();
        byte[]? copy = null;
        ChangeReport? changes = null;
        var imagesLeftOut = 0;
        if (study.Terms.WantsCopies)
        {
            (var made, changes, imagesLeftOut) = ParticipantCopy.Make(study.Terms, data, keys);
            var packed = made.ToBytes();
            if (packed.Length > SealedCopy.MaxContent)
                throw new CannotException($"What the study asks for is larger than {Limits.MaxSealedCopy >> 20} MiB, compressed. Nothing was contributed.", Reasons.TooLargeToContribute);
            copy = SealedCopy.Seal(study.Terms.Custodian.Box, study.Id, keys.Contribution, packed);
        }
        using var row = study.Terms.WantsRows ? ContributionRow.Prepare(study.Study, RowOf(study.Terms, data)) : null;
        var header = ContributionHeader.Create(keys.Withdrawal, study.Id, copy ?? [], row?.Commitment ?? []);
        return (new ContributionPlan(study.Id.ToString(), header.Id.ToString(), header.Signed, copy, row?.ToBytes()), changes, imagesLeftOut);
    }

    /// <summary>What the study's statistics ask of the participant.</summary>
    private static RowValues RowOf(StudyTerms terms, ParticipantData data)
    {
        var opened = DateOnly.FromDateTime(terms.Opens.UtcDateTime);
        var row = ParticipantRow.Read(terms, data.Resources, name => PatientColumns.Names.Contains(name) ? PatientColumns.Read(data.Resources, [name], opened)[name] : "");
        return new RowValues(row.Numbers, row.Categories);
    }

    private async Task RememberAsync(KnownStudy study, bool isOwn, string state)
    {
        if (!isOwn)
            return;
        account.State.Content.Participations[study.Id.ToString()] = state;
        await account.State.SaveAsync();
    }
}
