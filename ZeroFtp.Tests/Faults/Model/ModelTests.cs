using System.Globalization;

namespace ZeroFtp.Tests.Faults.Model;

/// <summary>
/// Every way that operations on two names can take on two front-ends, with one disturbance: two operations at a time in the ordinary run, which takes seconds, three by <c>dotnet cake --target=Torture</c>. The mistakes of
/// <see cref="PlantedUnits"/> are found by it.
/// </summary>
public sealed class ModelTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, InlineData("lost"), InlineData("late"), InlineData("given"), InlineData("death"), InlineData("time")]
    public void Uploads_and_the_collector_leave_what_they_answered(string disturbance) => HoldAll(ModelStart.File, disturbance,
        ModelOperation.Store("a", 201), ModelOperation.Store("b", 202), ModelOperation.Append("a", 203), ModelOperation.Delete("a"), ModelOperation.Collect());

    [Fact]
    public void A_rename_whose_answer_is_lost_is_done_once() =>
        Holds(ModelStart.File, new ModelBudget(Lost: 1), (ModelOperation.Rename("a", "b"), 0), (ModelOperation.Rename("b", "a"), 1), (ModelOperation.Store("b", 201), 1));

    [Fact]
    public void A_rename_that_arrives_late_moves_nothing() =>
        Holds(ModelStart.File, new ModelBudget(Late: 1), (ModelOperation.Rename("a", "b"), 0), (ModelOperation.Rename("b", "a"), 1), (ModelOperation.Store("b", 201), 1));

    [Fact]
    public void One_of_those_that_rename_a_file_to_one_name_wins() =>
        Holds(ModelStart.File, default, (ModelOperation.Rename("a", "b"), 0), (ModelOperation.Rename("a", "b"), 1));

    [Fact]
    public void A_directory_whose_making_was_not_answered_is_made_once() =>
        Holds(ModelStart.Nothing, new ModelBudget(Lost: 1), (ModelOperation.Make("a"), 0), (ModelOperation.Remove("a"), 1));

    [Fact]
    public void One_of_those_that_remove_a_directory_wins() =>
        Holds(ModelStart.Directory, new ModelBudget(Lost: 1), (ModelOperation.Remove("a"), 0), (ModelOperation.Remove("a"), 1));

    [Fact]
    public void One_of_those_that_delete_a_file_wins() =>
        Holds(ModelStart.File, new ModelBudget(Lost: 1), (ModelOperation.Delete("a"), 0), (ModelOperation.Delete("a"), 1));

    [Fact]
    public void What_is_repaired_keeps_its_parts() =>
        Holds(ModelStart.File, new ModelBudget(Steps: 1), (ModelOperation.Repair("a"), 0), (ModelOperation.Collect(), 1));

    [Fact]
    public void A_rename_that_is_run_twice_is_found() =>
        Finds(PlantedUnits.RenameWithoutVersion, "store b 201", new ModelBudget(Lost: 1), (ModelOperation.Rename("a", "b"), 0), (ModelOperation.Rename("b", "a"), 1), (ModelOperation.Store("b", 201), 1));

    [Fact]
    public void Renames_to_one_name_that_all_win_are_found() =>
        Finds(PlantedUnits.RenameWithoutVersion, "rename a b (Done), rename a b (Done)", default, (ModelOperation.Rename("a", "b"), 0), (ModelOperation.Rename("a", "b"), 1));

    [Fact]
    public void A_repair_whose_garbage_takes_living_parts_is_found() =>
        Finds(PlantedUnits.RepairThatGivesAllAway, "parts that files name are gone", new ModelBudget(Steps: 1), (ModelOperation.Repair("a"), 0), (ModelOperation.Collect(), 1));

    private static void Finds(Action<PlantedStore, ModelRunner, TimeProvider> plant, string expected, ModelBudget budget, params (ModelOperation Operation, int Front)[] operations)
    {
        using ModelSearch search = new(ModelStart.File, budget, operations, plant);
        Assert.False(search.Run(Token));
        Assert.Contains(expected, search.Violation, StringComparison.Ordinal);
    }

    private static bool IsLong => Environment.GetEnvironmentVariable("ZEROFTP_TORTURE_SECONDS") is not null;

    // Each operation once: an upload twice would be two that name the same object.
    private static void HoldAll(ModelStart start, string disturbance, params ModelOperation[] operations)
    {
        ModelBudget budget = disturbance switch
        {
            "lost" => new ModelBudget(Lost: 1),
            "late" => new ModelBudget(Late: 1),
            "given" => new ModelBudget(Given: 1),
            "death" => new ModelBudget(Deaths: 1, Steps: 1),
            _ => new ModelBudget(Steps: 1),
        };
        for (int i = 0; i < operations.Length; i++)
        {
            for (int j = i + 1; j < operations.Length; j++)
            {
                if (!IsLong)
                    Holds(start, budget, (operations[i], 0), (operations[j], 1));
                for (int k = j + 1; IsLong && k < operations.Length; k++)
                    Holds(start, budget, (operations[i], 0), (operations[j], 1), (operations[k], 1));
            }
        }
    }

    private static void Holds(ModelStart start, ModelBudget budget, params (ModelOperation Operation, int Front)[] operations)
    {
        using ModelSearch search = new(start, budget, operations);
        bool holds = search.Run(Token);
        TestContext.Current.SendDiagnosticMessage(string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", operations.Select(static x => x.Operation))}: {search.States} states, {search.Ends} ends"));
        Assert.True(holds, search.Violation);
        Assert.True(search.Ends > 0);
    }
}
