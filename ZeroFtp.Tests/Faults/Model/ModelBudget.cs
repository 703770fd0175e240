namespace ZeroFtp.Tests.Faults.Model;

/// <summary>How much may still go wrong on one way through the search.</summary>
/// <param name="Lost">Answers that are lost though the unit was applied; it is then run again.</param>
/// <param name="Late">Units whose answer is lost and that are applied later, at any time, or never; they are run again meanwhile.</param>
/// <param name="Given">Lost answers after which the front-end gives up instead.</param>
/// <param name="Deaths">Front-ends that die.</param>
/// <param name="Steps">Steps of time, each beyond every lease and lifetime.</param>
internal readonly record struct ModelBudget(int Lost = 0, int Late = 0, int Given = 0, int Deaths = 0, int Steps = 0);
