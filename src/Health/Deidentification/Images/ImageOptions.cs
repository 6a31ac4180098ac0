namespace Salus.Health.Deidentification.Images;

/// <summary>What a person decided about a picture.</summary>
public sealed record ImageOptions
{
    /// <summary>Somebody has looked, and nothing in the picture shows who anybody is.</summary>
    public bool IsReviewed { get; init; }
}
