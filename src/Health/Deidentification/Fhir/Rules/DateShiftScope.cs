namespace Salus.Health.Deidentification.Fhir.Rules;

/// <summary>What shares one shift of dates, when the configuration has the key of it.</summary>
internal enum DateShiftScope { Resource, File, Folder }
