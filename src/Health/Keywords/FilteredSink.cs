namespace Salus.Health.Keywords;

/// <summary>Takes what names the patient out of every text on its way.</summary>
internal sealed class FilteredSink(ITermSink inner, PatientValues patient) : ITermSink
{
    public void Text(string text) => inner.Text(patient.TakenOutOf(text));

    public void Code(string? system, string code) => inner.Code(system, code);

    public void Date(ReadOnlySpan<char> date) => inner.Date(date);

    public void Language(ReadOnlySpan<char> tag) => inner.Language(tag);
}
