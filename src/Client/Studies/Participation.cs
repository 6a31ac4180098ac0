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
public sealed record ContributionOutcome(ContributionId Contribution, int CopyBytes, IReadOnlyDictionary<string, long> Changes, IReadOnlyList<string> Complaints);

/// <summary>A study that this account has to do with as a participant, as this device or the cloud knows it.</summary>
/// <param name="State">"started", "contributed", "withdrawn".</param>
public sealed record OwnParticipation(StudyId Study, ContributionId Contribution, string State);

/// <summary>Taking part in studies: contributing, from whatever device, and withdrawing. Each step can be repeated after a kill.</summary>
public sealed class Participation(Account account)
{
    public const string Started = "started";
    public const string Contributed = "contributed";
    public const string Withdrawn = "withdrawn";

    private readonly ContributionPlans _plans = new(account);

    /// <summary>Contributes the account's own records.</summary>
    public Task<ContributionOutcome> JoinAsync(KnownStudy study, Func<SequenceKey> sequenceKey, IProgress<TransferProgress>? progress, CancellationToken cancel)
    {
        if (study.Terms.Organisations.Any(organisation => organisation.Account == account.Id))
            throw new CannotException("Your organisation contributes for its patients: use `salus study contribute`.", Reasons.OwnStudy);
        return ContributeAsync(study, () => ParticipantKeys.Of(account, study.Id), () => ParticipantData.OfAccountAsync(account, study.Terms, sequenceKey, progress, cancel), cancel);
    }

    /// <summary>Contributes for one patient of the organisation whose account this is: a FHIR file with that patient's resources.</summary>
    public async Task<ContributionOutcome> ContributeAsync(KnownStudy study, Stream file, CancellationToken cancel)
    {
        if (study.Terms.Organisations.All(organisation => organisation.Account != account.Id))
            throw new CannotException("The study does not name your organisation among those that contribute for their patients.", Reasons.NotPermitted);
        using var data = ParticipantData.OfFile(file, study.Terms, cancel);
        var patient = data.PatientIdentifier();
        return await ContributeAsync(study, () => ParticipantKeys.Of(account, study.Id, patient), () => Task.FromResult(data), cancel);
    }

    /// <summary>
    /// What this device remembers of contributions. With <paramref name="studies"/> the cloud is asked about each of them as well, over a connection of its own: so also
    /// contributions from other devices are found.
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
                own.Add(new OwnParticipation(id, keys.Contribution, state));
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

    private async Task<ContributionOutcome> ContributeAsync(KnownStudy study, Func<ParticipantKeys> open, Func<Task<ParticipantData>> read, CancellationToken cancel)
    {
        // 1 While the study is open, by somebody who may.
        if (!study.IsOpen(account.Now))
            throw new CannotException(account.Now < study.Terms.Opens ? "The study has not opened yet." : "The study is over.", Reasons.StudyClosed);
        if (account.Id == study.Terms.Researcher.Account || account.Id == study.Terms.Custodian.Account)
            throw new CannotException("Who runs a study or keeps its contributions does not contribute to it.", Reasons.OwnStudy);
        using var keys = open();
        using var locked = _plans.Lock();
        using var anonymous = account.OpenAnonymous();
        var isOwn = study.Terms.Quota(account.Id) == 1 && study.Terms.Organisations.All(organisation => organisation.Account != account.Id);
        switch (await anonymous.StateAsync(study.Id, keys.Contribution, cancel))
        {
            case { IsWithdrawn: true }:
                throw new CannotException("This contribution was withdrawn. A withdrawal is for good: the tokens see to it that everybody counts once.", Reasons.WasWithdrawn);
            case not null when await _plans.FindAsync(keys.Contribution) is null:
                throw new CannotException("You have contributed to this study already.", Reasons.AlreadyJoined);
        }

        // 2 Made once: what tokens are spent on stays what it is.
        ChangeReport? changes = null;
        var imagesLeftOut = 0;
        var plan = await _plans.FindAsync(keys.Contribution);
        if (plan is null)
        {
            (plan, changes, imagesLeftOut) = await PlanAsync(study, keys, read);
            await _plans.SaveAsync(plan);
            if (isOwn)
                await RememberAsync(study, isOwn, Started);
        }
        if (!ContributionHeader.TryVerify(plan.Header, out var header) || header.Id != keys.Contribution || header.Study != study.Id || !header.Fits(plan.Copy ?? []))
            throw new AlarmException(AlarmKind.Integrity, "The plan of the contribution is damaged. Nothing was contributed.");

        // 3 Paid for, and handed over, as nobody.
        var tokens = new StudyTokens(account);
        var receipts = await tokens.PayAsync(study, keys, header, anonymous, cancel);
        try
        {
            await SendRowAsync(study, header, receipts, plan.Row, anonymous, cancel);
            await anonymous.PutAsync(new ContributionUpload(header, receipts, plan.Copy ?? []), cancel);
        }
        catch (RefusedException refused) when (refused.Code == Problems.Withdrawn)
        {
            _plans.Remove(keys.Contribution);
            throw new CannotException("This contribution was withdrawn meanwhile. Nothing was contributed.", Reasons.WasWithdrawn);
        }

        // 4 Through.
        if (isOwn)
            await RememberAsync(study, isOwn, Contributed);
        _plans.Remove(keys.Contribution);
        return new ContributionOutcome(header.Id, header.CopySize,
            changes?.Changes.GroupBy(change => change.Method).ToDictionary(group => group.Key, group => group.Sum(change => change.Count)) ?? [], [.. tokens.Complaints, .. ImagesLeftOut(imagesLeftOut)]);
    }

    private static IEnumerable<string> ImagesLeftOut(int count) => count == 0
        ? [] : [string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{count} {(count == 1 ? "image was" : "images were")} left out: a name may be burned into the picture, or the file is none that the rules make safe.")];

    private static async Task<(ContributionPlan Plan, ChangeReport? Changes, int ImagesLeftOut)> PlanAsync(KnownStudy study, ParticipantKeys keys, Func<Task<ParticipantData>> read)
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

    /// <summary>The row of shares, to all three trustees: it counts when each of them has it. The same again does no harm.</summary>
    private async Task SendRowAsync(
        KnownStudy study, ContributionHeader header, IReadOnlyList<byte[]> receipts, byte[]? plan, AnonymousApi anonymous, CancellationToken cancel)
    {
        if (header.Row.Length == 0)
            return;
        if (!ContributionRow.TryRead(study.Study, plan, out var read) || !read.Commitment.AsSpan().SequenceEqual(header.Row))
            throw new AlarmException(AlarmKind.Integrity, "The plan of the contribution is damaged. Nothing was contributed.");
        using var row = read;
        foreach (var trustee in study.Terms.Trustees.Select(key => account.Trustees.First(known => known.Key.Equals(key))))
            await anonymous.SendRowAsync(trustee, row.SealFor(trustee.Key, trustee.Box, header, receipts), cancel);
    }

    private async Task RememberAsync(KnownStudy study, bool isOwn, string state)
    {
        if (!isOwn)
            return;
        account.State.Content.Participations[study.Id.ToString()] = state;
        await account.State.SaveAsync();
    }
}
