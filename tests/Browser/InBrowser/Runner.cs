using System.Collections;
using System.Reflection;

namespace Salus.InBrowser;

/// <summary>What became of the tests of one class.</summary>
internal sealed record ClassOutcome(int Passed, int Skipped, IReadOnlyList<string> Failures);

/// <summary>Runs the linked tests by reflection: an instance for each, as xUnit does.</summary>
internal static class Runner
{
    private const string SkipMark = "$XunitDynamicSkip$";

    public static IReadOnlyList<string> Classes =>
        [.. typeof(Runner).Assembly.GetTypes().Where(type => type.GetMethods().Any(IsTest)).Select(type => type.FullName!).Order(StringComparer.Ordinal)];

    public static async Task<ClassOutcome> RunAsync(string name)
    {
        var type = typeof(Runner).Assembly.GetType(name, throwOnError: true)!;
        var (passed, skipped, failures) = (0, 0, new List<string>());
        foreach (var method in type.GetMethods().Where(IsTest))
            foreach (var row in Rows(type, method))
                try
                {
                    await RunAsync(type, method, row);
                    passed++;
                }
                catch (Exception failure)
                {
                    var cause = failure is TargetInvocationException { InnerException: { } inner } ? inner : failure;
                    if (cause.Message.StartsWith(SkipMark, StringComparison.Ordinal))
                        skipped++;
                    else
                        failures.Add($"{name}.{method.Name}({string.Join(", ", row)}): {cause.GetType().Name}: {cause.Message} {cause.StackTrace}");
                }
        return new ClassOutcome(passed, skipped, failures);
    }

    private static bool IsTest(MethodInfo method) => method.GetCustomAttribute<FactAttribute>() is { Explicit: false };

    private static object?[][] Rows(Type type, MethodInfo method)
    {
        if (!method.IsDefined(typeof(TheoryAttribute)))
            return [[]];
        var inline = method.GetCustomAttributes<InlineDataAttribute>().Select(data => data.Data);
        var members = method.GetCustomAttributes<MemberDataAttribute>().SelectMany(data => ((IEnumerable)Member(type, data)).Cast<object?[]>());
        return inline.Concat(members).ToArray() is { Length: > 0 } rows ? rows : throw new InvalidOperationException($"{type}.{method.Name} has no rows.");
    }

    private static object Member(Type type, MemberDataAttribute data)
    {
        const BindingFlags any = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
        return type.GetProperty(data.Member, any)?.GetValue(null) ?? type.GetMethod(data.Member, any)!.Invoke(null, data.Arguments)!;
    }

    private static async Task RunAsync(Type type, MethodInfo method, object?[] row)
    {
        var instance = method.IsStatic ? null : Activator.CreateInstance(type);
        try
        {
            var given = method.GetParameters().Select((parameter, i) => Converted(row[i], parameter.ParameterType)).ToArray();
            switch (method.Invoke(instance, given))
            {
                case Task task:
                    await task;
                    break;
                case ValueTask task:
                    await task;
                    break;
            }
        }
        finally
        {
            if (instance is IAsyncDisposable asynchronous)
                await asynchronous.DisposeAsync();
            else
                (instance as IDisposable)?.Dispose();
        }
    }

    /// <summary>Attributes hold an int where the test wants a uint.</summary>
    private static object? Converted(object? value, Type wanted) => value is IConvertible && !wanted.IsInstanceOfType(value) && wanted.IsPrimitive
        ? Convert.ChangeType(value, wanted, System.Globalization.CultureInfo.InvariantCulture)
        : value;
}
