using System.Security.Cryptography;

// As much of FsCheck as the linked tests use: it leans on threads. The same properties, over plain random values and no shrinking.
namespace FsCheck.Fluent
{
    public static class Prop
    {
        public static Property ForAll<T>(Func<T, bool> holds) => new(() => holds(Arbitrary.Next<T>()));

        public static Property ForAll<T1, T2>(Func<T1, T2, bool> holds) => new(() => holds(Arbitrary.Next<T1>(), Arbitrary.Next<T2>()));

        public static Property ForAll<T1, T2, T3>(Func<T1, T2, T3, bool> holds) =>
            new(() => holds(Arbitrary.Next<T1>(), Arbitrary.Next<T2>(), Arbitrary.Next<T3>()));
    }
}

namespace FsCheck
{
    public sealed class Property(Func<bool> holdsOnce)
    {
        private const int Times = 100;

        public void QuickCheckThrowOnFailure()
        {
            for (var i = 0; i < Times; i++)
                Assert.True(holdsOnce(), "The property does not hold.");
        }
    }

    internal static class Arbitrary
    {
        private const int MaxLength = 40;

        public static T Next<T>() => (T)Next(typeof(T));

        private static object Next(Type type) => type == typeof(byte[])
            ? RandomNumberGenerator.GetBytes(RandomNumberGenerator.GetInt32(MaxLength))
            : type == typeof(uint)
                ? BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(sizeof(uint)))
                : throw new NotSupportedException($"No values of {type} are made here.");
    }
}
