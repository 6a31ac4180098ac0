namespace Salus.Testing;

/// <summary>The attacks of docs/threat-model.md that a test runs against the real code. What the table says of each and what is marked here are held to each other.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class AttackAttribute(string identifier) : Attribute
{
    /// <summary>"S01".</summary>
    public string Identifier { get; } = identifier;
}
