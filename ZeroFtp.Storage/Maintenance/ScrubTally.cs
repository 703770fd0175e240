using ZeroFtp.Storage.Content;

namespace ZeroFtp.Storage.Maintenance;

/// <summary>Accumulates the findings of a pass.</summary>
internal sealed class ScrubTally(int maxFindings)
{
    private readonly List<CheckFinding> _findings = [];
    private long _found;
    private long _repaired;
    private long _objects;

    private long _notJudged;

    public long BytesRead { get; private set; }

    public void Checked(long length)
    {
        _objects++;
        BytesRead += length;
    }

    public void NotJudged() => _notJudged++;

    public void Found(CheckFinding finding)
    {
        _found++;
        if (finding.IsRepaired)
            _repaired++;
        if (_findings.Count < maxFindings)
            _findings.Add(finding);
    }

    public CheckReport ToReport() => new() { Findings = _findings, FindingCount = _found, RepairedCount = _repaired, ObjectsChecked = _objects, BytesRead = BytesRead, NotJudgedCount = _notJudged };
}
