using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using ZeroFtp.Conformance.Checks;

namespace ZeroFtp.Conformance.Reports;

/// <summary>A report for build servers: a suite a section, a case a requirement.</summary>
internal static class JunitReport
{
    public static void Write(Report report, TextWriter output)
    {
        XElement suites = new("testsuites", report.Results.GroupBy(result => result.Check.Section).Select(Suite));
        output.WriteLine("<?xml version=\"1.0\" encoding=\"utf-8\"?>");
        output.WriteLine(suites);
    }

    private static XElement Suite(IGrouping<string, CheckResult> section)
    {
        int[] counts = Report.Counts(section);
        return new(
            "testsuite",
            new XAttribute("name", section.Key),
            new XAttribute("tests", section.Count()),
            new XAttribute("failures", counts[1]),
            new XAttribute("skipped", counts[2] + counts[3]),
            section.Select(Case));
    }

    private static XElement Case(CheckResult result)
    {
        XElement element = new(
            "testcase",
            new XAttribute("classname", $"{result.Check.Section} ({result.Check.Level})"),
            new XAttribute("name", $"{result.Check.Id} {Clean(result.Check.Title)}"),
            new XAttribute("time", result.Duration.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture)));
        if (result.Verdict == Verdict.Fail)
            element.Add(new XElement("failure", new XAttribute("message", Clean(result.Reason)), Clean(string.Join('\n', result.Transcript))));
        else if (result.Verdict is Verdict.Skip or Verdict.Manual)
            element.Add(new XElement("skipped", new XAttribute("message", Clean($"{result.Verdict}: {result.Reason}"))));
        return element;
    }

    private static string Clean(string text) => string.Concat(text.Where(XmlConvert.IsXmlChar));
}
