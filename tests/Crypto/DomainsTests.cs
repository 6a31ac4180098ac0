using System.Reflection;
using Salus.Crypto;

namespace Salus.Crypto.Tests;

public class DomainsTests
{
    [Fact]
    public void EveryLabelIsVersionedAndUsedForOnePurposeOnly()
    {
        var labels = typeof(Domains).GetFields(BindingFlags.Public | BindingFlags.Static | BindingFlags.FlattenHierarchy)
            .Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!).ToArray();
        Assert.NotEmpty(labels);
        Assert.Equal(labels.Length, labels.Distinct(StringComparer.Ordinal).Count());
        Assert.All(labels, label => Assert.StartsWith("salus/v1/", label, StringComparison.Ordinal));
    }
}
